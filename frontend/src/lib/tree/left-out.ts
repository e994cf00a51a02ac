// How much time is in calls that a tree does not show: pruned, looked through, or not built yet.
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import type { CallTree } from './call-tree'
import { rootsOf } from './call-tree'
import { ownNs } from './own-time'

export interface LeftOut {
  /** In calls that were pruned or looked through: they stay out of the tree. */
  removedNs: number
  /** In calls above those that were cut: they come when these are opened. */
  cutNs: number
  /** How many were cut. */
  cutCalls: number
}

/** Time of *tree* that is the own time of none of its functions. */
export function leftOut(tree: CallTree, rows: StackRows, weights: Weights): LeftOut {
  const found: LeftOut = { removedNs: 0, cutNs: 0, cutCalls: 0 }
  for (const root of rootsOf(tree)) {
    found.removedNs += root.totalNs
    for (const node of root) {
      // `[self]` has the rows of the function it belongs to.
      if (node.isSelf) continue
      const own = ownNs(node, rows, weights)
      found.removedNs -= own
      if (!node.isCut) continue
      found.cutNs += node.cutNs - own
      found.removedNs -= node.cutNs - own
      found.cutCalls++
    }
  }
  found.removedNs = Math.max(0, found.removedNs)
  return found
}
