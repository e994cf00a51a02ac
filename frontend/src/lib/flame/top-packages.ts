// The packages that a legend names: those with most time of their own.
import type { ProfiledFunction } from '../code/profiled-function'
import { Emphasis } from './emphasis'
import type { FlameLayout } from './flame-layout'

export interface ShownPackage {
  name: string
  hue: number
  emphasis: number
}

/** At most *most*, the one with most time first; strong where most of its time is. */
export function topPackages(
  layout: FlameLayout,
  functions: readonly ProfiledFunction[],
  emphasis: Uint8Array,
  hues: readonly number[],
  most: number,
): ShownPackage[] {
  const found = new Map<string, { ns: number; strongNs: number; hue: number }>()
  for (let frame = 0; frame < layout.count; frame++) {
    const id = layout.code[frame]
    const { library } = functions[id]
    if (!library || !layout.self[frame]) continue
    let own = found.get(library)
    if (own === undefined) found.set(library, (own = { ns: 0, strongNs: 0, hue: hues[id] }))
    own.ns += layout.self[frame]
    if (emphasis[frame] === Emphasis.STRONG) own.strongNs += layout.self[frame]
  }
  return [...found]
    .sort(([, a], [, b]) => b.ns - a.ns)
    .slice(0, most)
    .map(([name, { ns, strongNs, hue }]) => ({
      name,
      hue,
      emphasis: strongNs * 2 > ns ? Emphasis.STRONG : Emphasis.LIGHT,
    }))
}
