// The packages that a legend names: the reader's own code, and those with most time of their own.
import type { ProfiledFunction } from '../code/profiled-function'
import { Emphasis } from './emphasis'
import type { FlameLayout } from './flame-layout'

export interface ShownPackage {
  name: string
  hue: number
  emphasis: number
}

/** At most *most*: first the code of the reader's with most time, then those with most time of
 *  their own; strong where most of that is. */
export function topPackages(
  layout: FlameLayout,
  functions: readonly ProfiledFunction[],
  emphasis: Uint8Array,
  hues: readonly number[],
  most: number,
): ShownPackage[] {
  const found = new Map<string, { ns: number; strongNs: number; topNs: number; hue: number }>()
  for (let frame = 0; frame < layout.count; frame++) {
    const id = layout.code[frame]
    const { library } = functions[id]
    if (!library) continue
    let own = found.get(library)
    if (own === undefined) {
      found.set(library, (own = { ns: 0, strongNs: 0, topNs: 0, hue: hues[id] }))
    }
    own.ns += layout.self[frame]
    if (emphasis[frame] !== Emphasis.STRONG) continue
    own.strongNs += layout.self[frame]
    own.topNs = Math.max(own.topNs, layout.total[frame])
  }
  const packages = [...found].sort(([, a], [, b]) => b.ns - a.ns)
  const mostOwn = Math.max(0, ...packages.map(([, { topNs }]) => topNs))
  const own = packages.find(([, { topNs }]) => topNs > 0 && topNs === mostOwn)
  const others = packages.filter((one) => one !== own && one[1].ns > 0)
  return [...(own ? [own] : []), ...others].slice(0, most).map(([name, { ns, strongNs, hue }]) => ({
    name,
    hue,
    emphasis: name === own?.[0] || strongNs * 2 > ns ? Emphasis.STRONG : Emphasis.LIGHT,
  }))
}
