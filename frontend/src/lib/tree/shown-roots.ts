// Where flame graph and timeline begin: at the frames that the call tree begins with, so that the
// command's own frames and what was there before the start are left out in every view alike.
import type { CallPaths } from '../rows/call-paths'
import type { CallNode } from './call-node'
import { type CallTree, rootsOf } from './call-tree'

/** A frame at the bottom. */
export interface ShownRoot {
  /** Id of the function. */
  code: number
  /** Place of the one below it among the roots; -1 for the first. */
  parent: number
  totalNs: number
  /** What is above it is what is above this path; null where the next roots are. */
  path: number | null
  /** Id of the thread's function that it is in; null where there is one thread. */
  thread: number | null
}

/** Parents first; none where no time is left. Each thread has one with a path. */
export function shownRoots(tree: CallTree, paths: CallPaths): ShownRoot[] {
  if (tree.root === null) return []
  const threads = rootsOf(tree)
  if (!threads[0].isThread) return [rootOf(tree.root, -1, pathOf(tree.root), null)]
  const found: ShownRoot[] = []
  if (threads[0] !== tree.root) found.push(rootOf(tree.root, -1, null, null))
  const below = found.length - 1
  for (const thread of threads) {
    const id = thread.code.id
    const first = thread.children.find((child) => !child.isSynthetic)
    if (first === undefined) {
      found.push(rootOf(thread, below, pathOf(thread), id))
    } else if (thread.children.length === 1 && !thread.absorbedNs) {
      found.push(rootOf(thread, below, null, id))
      found.push(rootOf(first, found.length - 1, pathOf(first), id))
    } else {
      found.push(rootOf(thread, below, paths.parent[pathOf(first)], id))
    }
  }
  return found

  function pathOf(node: CallNode): number {
    return paths.ofRow[node.rows[0]]
  }
}

function rootOf(
  { code, totalNs }: CallNode,
  parent: number,
  path: number | null,
  thread: number | null,
): ShownRoot {
  return { code: code.id, parent, totalNs, path, thread }
}
