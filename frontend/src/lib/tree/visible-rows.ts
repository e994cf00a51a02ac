// The rows of a tree view, top down: which nodes are shown, how deep, and how each counts among its
// siblings. A flat list, so that a view draws only those in its window.
import type { CallNode } from './call-node'
import type { OpenNodes } from './open-nodes'
import type { FoldedGroups } from './folded-groups'

export interface TreeRow {
  node: CallNode
  /** Of the drawing: hidden nodes do not count. */
  depth: number
  /** Place of the row it is in; -1 for a root. */
  parent: number
  /** From 1 on, among its siblings. */
  position: number
  siblings: number
  hasChildren: boolean
  isOpen: boolean
  /** Time of its root: what its share is of. */
  wholeNs: number
}

interface Waiting {
  node: CallNode
  depth: number
  parent: number
  position: number
  siblings: number
  wholeNs: number
}

export function visibleRows(
  roots: readonly CallNode[],
  folded: FoldedGroups,
  open: OpenNodes,
): TreeRow[] {
  const rows: TreeRow[] = []
  const waiting: Waiting[] = []
  const push = (nodes: readonly CallNode[], depth: number, parent: number, wholeNs?: number) => {
    for (let at = nodes.length - 1; at >= 0; at--) {
      const node = nodes[at]
      const whole = wholeNs ?? node.totalNs
      const place = { position: at + 1, siblings: nodes.length, wholeNs: whole }
      waiting.push({ node, depth, parent, ...place })
    }
  }
  push(roots, 0, -1)
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, depth, wholeNs } = next
    const hasShown = node.children.length > 0 && shownChildren(node).length > 0
    const hasChildren = hasShown || node.isCut
    const isOpen = hasShown && open.nodes.has(node)
    const place = rows.push({ ...next, hasChildren, isOpen }) - 1
    if (isOpen) push(shownChildren(node), depth + 1, place, wholeNs)
  }
  return rows

  function shownChildren(node: CallNode): CallNode[] {
    return folded.childrenOf(node, open.groups)
  }
}
