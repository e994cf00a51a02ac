// How a reader likes pages to look, in every report: kept by the browser, where it lets us.
import { page } from './page.svelte'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'pyinstrument-report'
const THEMES: readonly Theme[] = ['system', 'light', 'dark']
export const PANEL_WIDTH = { least: 240, most: 900, usual: 380 } as const

class Preferences {
  theme: Theme = $state('system')
  isPanelOpen = $state(true)
  /** The panel of a narrow page: a sheet that opens when something is touched. Not kept. */
  isSheetOpen = $state(false)
  panelWidth: number = $state(PANEL_WIDTH.usual)

  constructor() {
    const kept = read()
    this.theme = THEMES.find((theme) => theme === kept.theme) ?? 'system'
    this.isPanelOpen = kept.isPanelOpen !== false
    this.resizePanel(Number(kept.panelWidth) || PANEL_WIDTH.usual)
  }

  nextTheme(): void {
    this.theme = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length]
    this.keep()
  }

  /** Whether the panel is shown. */
  get hasPanel(): boolean {
    return page.isNarrow ? this.isSheetOpen : this.isPanelOpen
  }

  openSheet(): void {
    this.isSheetOpen = true
  }

  togglePanel(): void {
    if (page.isNarrow) {
      this.isSheetOpen = !this.isSheetOpen
      return
    }
    this.isPanelOpen = !this.isPanelOpen
    this.keep()
  }

  resizePanel(width: number): void {
    this.panelWidth = Math.round(Math.min(PANEL_WIDTH.most, Math.max(PANEL_WIDTH.least, width)))
  }

  keep(): void {
    const { theme, isPanelOpen, panelWidth } = this
    try {
      localStorage.setItem(KEY, JSON.stringify({ theme, isPanelOpen, panelWidth }))
    } catch {
      // A sandboxed page has no storage: the choice holds while the page is open.
    }
  }
}

function read(): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    return typeof kept === 'object' && kept !== null ? { ...kept } : {}
  } catch {
    return {}
  }
}

export const preferences = new Preferences()
