// Which nodes of a tree view are open, and which groups of library frames: what a view opens by
// itself, what the reader opens, and how that survives a change of the filter.
import type { CallNode } from './call-node'
import { type CallTree, busiestRoot, rootsOf } from './call-tree'
import type { FoldedGroups } from './folded-groups'
import type { FrameGroup } from './frame-group'

export interface OpenNodes {
  nodes: Set<CallNode>
  groups: Set<FrameGroup>
}

/** About a screenful: beyond it a reader decides. */
const FIRST_ROWS = 28
/** Opened by itself only where it is worth a look. */
const FIRST_SHARE = 0.04
/** A thread that ran for less of its time only waited; the first one is shown all the same. */
const BUSY_SHARE = 0.03

export function nothingOpen(): OpenNodes {
  return { nodes: new Set(), groups: new Set() }
}

/** From a node along its largest children, as they are shown, to the end. */
export function heavyPath(from: CallNode, folded: FoldedGroups, open: OpenNodes): CallNode[] {
  const path = [from]
  for (let node = from; ; ) {
    const next = largestOf(folded.childrenOf(node, open.groups))
    if (next === null) return path
    path.push(next)
    node = next
  }
}

/** The last application frame on the heavy path of the busiest root or, where there is none but
 *  the root, the last call with most of its time; null in an empty tree. */
export function heaviestApplicationNode(tree: CallTree, folded: FoldedGroups): CallNode | null {
  const root = busiestRoot(tree)
  if (root === null) return null
  const path = heavyPath(root, folded, nothingOpen())
  const calls = path.filter((node) => !node.isSynthetic)
  return (
    calls.findLast((node) => node.isApplicationCode) ??
    calls.findLast((node) => node.totalNs * 2 > root.totalNs) ??
    root
  )
}

/** What is open at first: the way to that frame, then the largest calls that fit on a screen and
 *  lead to application code. */
export function openAtFirst(tree: CallTree, folded: FoldedGroups): OpenNodes {
  const open = nothingOpen()
  const end = heaviestApplicationNode(tree, folded)
  if (end === null) return open
  for (let node = end.parent; node; node = node.parent) open.nodes.add(node)
  const roots = rootsOf(tree)
  let rows = roots.length
  const closed: CallNode[] = []
  const waiting = roots.slice()
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (!open.nodes.has(node)) {
      closed.push(node)
      continue
    }
    const children = folded.childrenOf(node, open.groups)
    rows += children.length
    waiting.push(...children.slice(0, FIRST_ROWS))
  }
  const least = FIRST_SHARE * (busiestRoot(tree)?.totalNs ?? 0)
  for (; closed.length; ) {
    const node = largestOf(closed)!
    closed.splice(closed.indexOf(node), 1)
    const children = folded.childrenOf(node, open.groups)
    const isWorth = node.isThread
      ? node === roots[0] || node.cpuNs >= BUSY_SHARE * node.totalNs
      : node.totalNs >= least && (node.isApplicationCode || node.group !== null)
    if (!children.length || !isWorth || rows + children.length > FIRST_ROWS) continue
    open.nodes.add(node)
    rows += children.length
    closed.push(...children.slice(0, FIRST_ROWS))
  }
  return open
}

/** Opens whatever keeps *node* from sight. */
export function reveal(open: OpenNodes, folded: FoldedGroups, node: CallNode): void {
  const group = folded.hidden.get(node)
  if (group) open.groups.add(group)
  for (let above = node.parent; above; above = above.parent) open.nodes.add(above)
}

export function toggleOpen({ nodes }: OpenNodes, node: CallNode): void {
  if (!nodes.delete(node)) nodes.add(node)
}

/** Opens or closes *node* and all beneath it. */
export function setAllOpen(
  open: OpenNodes,
  folded: FoldedGroups,
  node: CallNode,
  isOpen: boolean,
): void {
  const waiting = [node]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (isOpen) open.nodes.add(next)
    else open.nodes.delete(next)
    for (const child of folded.childrenOf(next, open.groups)) {
      if (child.children.length) waiting.push(child)
    }
  }
}

/** What was open in one tree, in another of the same session. *grow* gets what is cut on the way
 *  to it, so that it can be open. */
export function carriedOver(
  open: OpenNodes,
  from: CallTree,
  to: CallTree,
  grow: (cut: CallNode) => void,
): OpenNodes | null {
  if (!from.root || !to.root || from.root.code !== to.root.code) return null
  if (from.root === to.root) return open
  const carried = nothingOpen()
  const ways = new Set<CallNode>()
  for (const end of open.nodes) {
    let node: CallNode | null = end
    for (; node && !ways.has(node); node = node.parent) ways.add(node)
  }
  const pairs: [CallNode, CallNode][] = [[from.root, to.root]]
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [old, node] = pair
    if (node.isCut && ways.has(old)) grow(node)
    const wasFolded = old.group !== null && !open.groups.has(old.group)
    if (old.group && node.group && open.groups.has(old.group)) carried.groups.add(node.group)
    if (open.nodes.has(old)) carried.nodes.add(node)
    else if (!wasFolded && old !== from.root) continue
    const oldChildren = new Map(old.children.map((child) => [child.code, child]))
    for (const child of node.children) {
      const before = oldChildren.get(child.code)
      if (before) pairs.push([before, child])
    }
  }
  return carried
}

/** The largest node of a function; null where none is left. */
export function largestNodeOf(tree: CallTree, code: number): CallNode | null {
  let found: CallNode | null = null
  for (const node of tree.root ?? []) {
    if (node.code.id === code && (!found || node.totalNs > found.totalNs)) found = node
  }
  return found
}

function largestOf(nodes: readonly CallNode[]): CallNode | null {
  let found: CallNode | null = null
  for (const node of nodes) if (!found || node.totalNs > found.totalNs) found = node
  return found
}
