// Groups nested library frames, so that a view can show each group as one line.
import type { CallNode } from '../tree/call-node'
import { FrameGroup } from '../tree/frame-group'
import type { Processor, ProcessorOptions } from './processor'

/** See {@link groupFrom}. */
export const groupLibraryFrames: Processor = (tree, options) => {
  if (tree.root) groupFrom(tree.root, options)
  return tree
}

/**
 * A hidden node with a hidden child begins a group of all hidden nodes connected beneath it. The
 * tree's root is never grouped, nor are stand-ins like `[self]`: a group hides at least two
 * functions. Nodes of a group stay in it, so that beneath *top* more can be grouped later.
 */
export function groupFrom(top: CallNode, options: ProcessorOptions): void {
  for (const node of top) {
    if (node.parent === null || node.group || !isHiddenInGroup(node, options)) continue
    const { group } = node.parent
    if (group) group.add(node)
    else if (node.children.some((child) => isHiddenInGroup(child, options))) new FrameGroup(node)
  }
}

/** Whether a node may be hidden: `show` wins, then `hide`, then library code. */
function isHiddenInGroup(node: CallNode, options: ProcessorOptions): boolean {
  if (node.isSynthetic) return false
  if (options.show?.test(node.code.file)) return false
  if (options.hide?.test(node.code.file)) return true
  return !node.isApplicationCode
}
