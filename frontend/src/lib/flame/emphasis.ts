// Which frames are drawn strong: the user's own code, as the filter tells it from libraries.
import type { ProfiledFunction } from '../code/profiled-function'
import type { ProcessorOptions } from '../processors/processor'
import type { FlameLayout } from './flame-layout'

export const Emphasis = { LIGHT: 0, STRONG: 1, STAND_IN: 2, AS_CALLER: 3 } as const
export type Emphasis = (typeof Emphasis)[keyof typeof Emphasis]

/** By function. `show` wins over `hide`, and both over what the path says. */
export function emphasisOf(
  functions: readonly ProfiledFunction[],
  { show, hide }: Pick<ProcessorOptions, 'show' | 'hide'>,
): Uint8Array {
  return Uint8Array.from(functions, (code) => {
    if (code.isSynthetic) return Emphasis.STAND_IN
    if (show?.test(code.file)) return Emphasis.STRONG
    if (hide?.test(code.file)) return Emphasis.LIGHT
    if (code.isApplicationCode === null) return Emphasis.AS_CALLER
    return code.isApplicationCode ? Emphasis.STRONG : Emphasis.LIGHT
  })
}

/** By frame: code run from a string is what the frame below it is, as is the user's. */
export function frameEmphasis(layout: FlameLayout, ofFunction: Uint8Array): Uint8Array {
  const found = new Uint8Array(layout.count)
  for (let frame = 0; frame < layout.count; frame++) {
    let own: number = ofFunction[layout.code[frame]]
    if (own === Emphasis.AS_CALLER) {
      own = frame ? found[layout.parent[frame]] : Emphasis.STRONG
      if (own === Emphasis.STAND_IN) own = Emphasis.STRONG
    }
    found[frame] = own
  }
  return found
}
