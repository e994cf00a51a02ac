// Builds what was left out above a node of a tree that got too large, once somebody asks for it.
import { groupFrom, groupLibraryFrames } from '../processors/group-library-frames'
import type { ReportChain } from '../processors/report-chain'
import { removeUnnecessarySelfTimeNodes } from '../processors/remove-unnecessary-self-time-nodes'
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import { buildCallTree } from './build-call-tree'
import type { CallNode } from './call-node'
import { adopt } from './tree-edits'

/** Gives *node*, which was cut, the children that it has in a tree without limit, and theirs as far
 *  as the limit allows. */
export function growNode(
  rows: StackRows,
  weights: Weights,
  chain: ReportChain,
  node: CallNode,
): void {
  const root = { code: node.code, rows: node.rows, ownRows: node.rows }
  const built = buildCallTree(rows, weights, root, chain.rules, threadOf(node).totalNs)
  removeUnnecessarySelfTimeNodes({ root: built }, chain.options)
  adopt(node, built.children)
  node.absorbedNs = built.absorbedNs
  node.folded = built.folded
  node.recursionDepth = built.recursionDepth
  node.isCut = false
  if (chain.rest.includes(groupLibraryFrames)) groupFrom(node, chain.options)
}

function threadOf(node: CallNode): CallNode {
  let root = node
  while (root.parent && !root.isThread) root = root.parent
  return root
}
