// Removes `[self]` leaves that are their parent's only child and so say nothing.
import { absorbChildren } from '../tree/tree-edits'
import type { Processor } from './processor'

/** A function without calls is a leaf itself; its `[self]` time becomes absorbed time. */
export const removeUnnecessarySelfTimeNodes: Processor = (tree) => {
  if (tree.root) {
    absorbChildren(tree.root, (node) => node.isSelf && node.parent?.children.length === 1)
  }
  return tree
}
