// Joins `[self]` leaves that follow each other directly.
import type { CallNode } from '../tree/call-node'
import { adopt, mergeNodes } from '../tree/tree-edits'
import type { Processor } from './processor'

/** Two stretches of own time with nothing between them (any more) are one. */
export const mergeConsecutiveSelfTime: Processor = (tree) => {
  for (const node of tree.root ?? []) {
    const runs: CallNode[][] = []
    for (const child of node.children) {
      const last = runs.at(-1)
      if (last && child.isSelf && last[0].isSelf) last.push(child)
      else runs.push([child])
    }
    if (runs.length < node.children.length) adopt(node, runs.map(mergeNodes))
  }
  return tree
}
