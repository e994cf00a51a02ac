// Time that a call's own code took: unlike what a node has absorbed, without calls that were
// pruned or removed from above it.
import type { StackRows } from '../rows/stack-rows'
import { ownOf } from '../rows/stretches'
import type { Weights } from '../rows/weights'
import type { CallNode } from './call-node'

/** The rows of `[self]` and its like are what they stand for. */
export function ownNs(node: CallNode, { stretches }: StackRows, { self }: Weights): number {
  if (node.isSelf) return node.totalNs
  let found = 0
  for (const row of node.rows) found += ownOf(stretches, self, row)
  for (const row of node.folded) found += ownOf(stretches, self, row)
  return found
}
