// Time at the lines of a call node: where in the function it was spent, or called from.
import { NO_LOCATION, type StackRows } from '../rows/stack-rows'
import { ownOf } from '../rows/stretches'
import type { Weights } from '../rows/weights'
import type { CallNode } from './call-node'

export interface LineTime {
  /** 0: unknown. */
  line: number
  /** The line itself ran. */
  selfNs: number
  /** The line ran, or something it called; a line of a recursion counts once. */
  totalNs: number
  ticks: number
}

/** In order of the lines; nothing for stand-ins. */
export function nodeLines(rows: StackRows, weights: Weights, node: CallNode): LineTime[] {
  if (node.isSynthetic) return []
  const { location, end, stretches } = rows
  const lineOf = rows.session.locations.line
  const found = new Map<number, LineTime>()
  // By line: one after the last row above the outermost one at it, in preorder.
  const openUntil = new Map<number, number>()
  const own = Uint32Array.from([...node.rows, ...node.folded]).sort()
  for (const row of own) {
    if (location[row] === NO_LOCATION) continue
    const line = lineOf[location[row]]
    let times = found.get(line)
    if (times === undefined) {
      times = { line, selfNs: 0, totalNs: 0, ticks: 0 }
      found.set(line, times)
    }
    times.selfNs += ownOf(stretches, weights.self, row)
    if ((openUntil.get(line) ?? 0) <= row) {
      openUntil.set(line, end[row])
      times.totalNs += weights.total[stretches.of[row]]
      times.ticks += weights.totalTicks[stretches.of[row]]
    }
  }
  return [...found.values()].sort((a, b) => a.line - b.line)
}

/** The costliest *most* lines, first the one with most time; known lines only. */
export function hottestLines(lines: readonly LineTime[], most: number): LineTime[] {
  return lines
    .filter((times) => times.line && times.totalNs)
    .sort((a, b) => b.totalNs - a.totalNs || a.line - b.line)
    .slice(0, most)
}

/** The class that most time of a node was spent with; `''` without one. */
export function nodeClass(rows: StackRows, weights: Weights, node: CallNode): string {
  // A `[self]` leaf has rows too: its function's.
  if (node.isSynthetic) return ''
  const { frames, locations, strings } = rows.session
  const spent = new Map<string, number>()
  for (const row of node.rows) {
    const location = rows.location[row]
    if (location === NO_LOCATION) continue
    const name = strings[frames.className[locations.frame[location]]]
    if (name) spent.set(name, (spent.get(name) ?? 0) + weights.total[rows.stretches.of[row]])
  }
  let main = ''
  for (const [name, ns] of spent) {
    const most = spent.get(main) ?? -1
    if (ns > most || (ns === most && name < main)) main = name
  }
  return main
}
