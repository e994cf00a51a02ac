// Groups nested library frames, so that a view can show each group as one line.
import type { CallNode } from '../tree/call-node'
import { FrameGroup } from '../tree/frame-group'
import type { Processor, ProcessorOptions } from './processor'

/**
 * A hidden node with a hidden child begins a group of all hidden nodes connected beneath it. The
 * root is never grouped, nor are stand-ins like `[self]`: a group hides at least two functions.
 */
export const groupLibraryFrames: Processor = (tree, options) => {
  let groups = 0
  for (const node of tree.root ?? []) {
    if (node === tree.root || !isHiddenInGroup(node, options)) continue
    const group = node.parent?.group
    if (group) group.add(node)
    else if (node.children.some((child) => isHiddenInGroup(child, options))) {
      groups++
      new FrameGroup(node, groups)
    }
  }
  return tree
}

/** Whether a node may be hidden: `show` wins, then `hide`, then library code. */
export function isHiddenInGroup(node: CallNode, options: ProcessorOptions): boolean {
  if (node.isSynthetic) return false
  if (options.show?.test(node.code.file)) return false
  if (options.hide?.test(node.code.file)) return true
  return !node.isApplicationCode
}
