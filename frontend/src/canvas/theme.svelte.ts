// Which palette holds: canvases cannot read the page's custom properties as they draw.
import { createSubscriber } from 'svelte/reactivity'
import { DARK_PALETTE, LIGHT_PALETTE, type Palette } from '../lib/colour/palette'

const SYSTEM = '(prefers-color-scheme: dark)'

const follow = createSubscriber((update) => {
  const system = matchMedia(SYSTEM)
  const chosen = new MutationObserver(update)
  system.addEventListener('change', update)
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => {
    system.removeEventListener('change', update)
    chosen.disconnect()
  }
})

/** What is read in an effect or a derived value follows the theme. */
export function currentPalette(): Palette {
  follow()
  const chosen = document.documentElement.dataset.theme
  const isDark = chosen ? chosen === 'dark' : matchMedia(SYSTEM).matches
  return isDark ? DARK_PALETTE : LIGHT_PALETTE
}
