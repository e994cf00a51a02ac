// Prunes nodes that took too little time to matter.
import type { CallNode } from '../tree/call-node'
import { type CallTree, rootsOf } from '../tree/call-tree'
import { absorbChildren } from '../tree/tree-edits'
import type { Processor } from './processor'

/**
 * Below `filterThreshold` of the root's time a node goes, and its parent absorbs the time; a node
 * of exactly the threshold stays. Where there are several threads, the root is the node's own
 * thread, and a thread goes below that share of the longest one.
 */
export const removeIrrelevantNodes: Processor = (tree, options) => {
  for (const root of rootsOf(tree)) {
    const threshold = options.filterThreshold * root.totalNs
    absorbChildren(root, (node) => node.totalNs < threshold)
  }
  return prunedThreads(tree, options.filterThreshold)
}

/** A tree without the threads that have less than *share* of the longest one's time. */
export function prunedThreads(tree: CallTree, share: number): CallTree {
  const roots = rootsOf(tree)
  if (tree.root === null || !roots[0].isThread) return tree
  const threshold = share * roots.reduce((most, root) => Math.max(most, root.totalNs), 0)
  // Threads are beside each other: there are none further above.
  const isShort = (node: CallNode) => node.isThread && node.totalNs < threshold
  const short = tree.root.children.filter(isShort)
  tree.root.absorbedNs += short.reduce((sum, { totalNs }) => sum + totalNs, 0)
  tree.root.children = tree.root.children.filter((node) => !isShort(node))
  return tree
}
