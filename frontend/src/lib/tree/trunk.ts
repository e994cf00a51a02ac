// What lies below a tree's roots: the frames that ran the program rather than being part of it. The
// tree has left them behind; other views leave them out by this.
import { NO_KEY } from '../rows/key-totals'
import type { StackRows } from '../rows/stack-rows'
import type { CallNode } from './call-node'
import { type CallTree, rootsOf } from './call-tree'

/** The calls that a tree begins with: of a thread those right above it. */
export function firstCalls(tree: CallTree): CallNode[] {
  return rootsOf(tree).flatMap((root) => (root.isThread ? [root, ...root.children] : [root]))
}

/** By row: its function, or {@link NO_KEY} below the roots of the tree. */
export function functionsAboveTrunk(tree: CallTree, rows: StackRows): Uint32Array {
  const keys = rows.function.slice()
  for (const first of firstCalls(tree)) {
    for (const row of first.rows) {
      for (let below = row && rows.parent[row]; below; below = rows.parent[below]) {
        if (keys[below] === NO_KEY) break
        keys[below] = NO_KEY
      }
    }
  }
  return keys
}
