// How much time is in calls that a tree does not show: pruned, looked through, or cut.
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import type { CallTree } from './call-tree'
import { rootsOf } from './call-tree'
import { ownNs } from './own-time'

/** Time of *tree* that is the own time of none of its functions. */
export function leftOutNs(tree: CallTree, rows: StackRows, weights: Weights): number {
  let ownNsFound = 0
  let wholeNs = 0
  for (const root of rootsOf(tree)) {
    wholeNs += root.totalNs
    for (const node of root) {
      // `[self]` has the rows of the function it belongs to.
      if (!node.isSelf) ownNsFound += ownNs(node, rows, weights)
    }
  }
  return Math.max(0, wholeNs - ownNsFound)
}
