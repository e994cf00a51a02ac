// How many matches of a search are out of sight behind each row of a tree view.
import type { CallNode } from './call-node'
import type { TreeRow } from './visible-rows'

export function matchCounts(
  rows: readonly TreeRow[],
  matches: readonly CallNode[],
): ReadonlyMap<CallNode, number> {
  const shown = new Set(rows.map(({ node }) => node))
  const counts = new Map<CallNode, number>()
  // By node on the way down to a row in sight: that row's. Each is walked once.
  const homes = new Map<CallNode, CallNode | null>()
  for (const match of matches) {
    if (shown.has(match)) continue
    const way: CallNode[] = []
    let node: CallNode | null = match
    while (node && !shown.has(node) && !homes.has(node)) {
      way.push(node)
      node = node.parent
    }
    const home = node && (homes.get(node) ?? node)
    for (const step of way) homes.set(step, home)
    if (home) counts.set(home, (counts.get(home) ?? 0) + 1)
  }
  return counts
}
