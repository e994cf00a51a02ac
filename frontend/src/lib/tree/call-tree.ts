// What views of the call tree draw. Processors edit the tree they are given and return it.
import type { CallNode } from './call-node'

export interface CallTree {
  /** null where no time is left. */
  root: CallNode | null
}

/** One root a thread where there are several: the children of `[root]`; else the root alone. */
export function rootsOf(tree: CallTree): CallNode[] {
  if (tree.root === null) return []
  const { children } = tree.root
  return children.length > 0 && children[0].isThread ? children.slice() : [tree.root]
}

/** Threads run side by side, and most only wait: the one that had most CPU time, if it is known. */
export function busiestRoot(tree: CallTree): CallNode | null {
  let busiest: CallNode | null = null
  for (const root of rootsOf(tree)) {
    const { cpuNs, totalNs } = busiest ?? { cpuNs: 0, totalNs: 0 }
    if (cpuNs || root.cpuNs ? root.cpuNs > cpuNs : root.totalNs > totalNs) busiest = root
  }
  return busiest
}

/**
 * The node that a path of function ids leads to, or the last one on the way there: options may
 * have pruned the rest. null where not even the root is on the path. *grow* gets what is cut on the
 * way before that goes on.
 */
export function nodeAtPath(
  tree: CallTree,
  path: readonly number[],
  grow: (cut: CallNode) => void = () => {},
): CallNode | null {
  if (tree.root === null) return null
  // Options may also have taken functions out from above the root.
  let place = path.indexOf(tree.root.code.id)
  if (place < 0) return null
  let node = tree.root
  for (place++; place < path.length; place++) {
    if (node.isCut) grow(node)
    const next = node.children.find((child) => child.code.id === path[place])
    if (next === undefined) break
    node = next
  }
  return node
}

/** The first fault in a tree's times or links; null when it adds up. */
export function faultOf(tree: CallTree): string | null {
  for (const node of tree.root ?? []) {
    let spent = node.absorbedNs
    for (const child of node.children) {
      spent += child.totalNs
      if (child.parent !== node) return `${child.name} is a child of ${node.name}, not its parent's`
    }
    if (spent !== node.totalNs || node.absorbedNs < 0) {
      return `${node.name} has ${node.totalNs} ns, but ${spent} ns absorbed and in children`
    }
  }
  return null
}
