// Edits of a call tree that keep its times adding up. Each walks the tree once, without recursion.
// Processors are made of these; nothing else changes a node once it is built.
import { type ProfiledFunction, compareFunctions } from '../code/profiled-function'
import type { CallNode } from './call-node'

export type Claim = (node: CallNode) => boolean

/** Makes *children* the children of *parent*; times are the caller's business. */
export function adopt(parent: CallNode, children: CallNode[]): void {
  parent.children = children
  for (const child of children) child.parent = parent
}

/** Puts every claimed node's children in its place; its absorbed time goes to its parent. The
 *  root stays, whatever is claimed. */
export function replaceByChildren(root: CallNode, claim: Claim): void {
  for (const node of root) {
    if (!node.children.some(claim)) continue
    const kept: CallNode[] = []
    const waiting = node.children.slice().reverse()
    for (let child = waiting.pop(); child; child = waiting.pop()) {
      if (claim(child)) {
        node.absorbedNs += child.absorbedNs
        for (const grandchild of child.children.slice().reverse()) waiting.push(grandchild)
      } else {
        kept.push(child)
      }
    }
    adopt(node, kept)
  }
}

/** Removes claimed nodes with all beneath them; their time is absorbed by their parent. */
export function absorbChildren(root: CallNode, claim: Claim): void {
  for (const node of root) {
    if (!node.children.some(claim)) continue
    const kept: CallNode[] = []
    for (const child of node.children) {
      if (claim(child)) node.absorbedNs += child.totalNs
      else kept.push(child)
    }
    node.children = kept
  }
}

/** The first of some nodes of one function, made to stand for all of them. Children are put one
 *  after the other, unmerged. */
export function mergeNodes(nodes: readonly CallNode[]): CallNode {
  const first = nodes[0]
  if (nodes.length === 1) return first
  for (const node of nodes.slice(1)) {
    first.totalNs += node.totalNs
    first.absorbedNs += node.absorbedNs
    first.cpuNs += node.cpuNs
    first.ticks += node.ticks
  }
  first.rows = nodes.flatMap((node) => node.rows)
  adopt(
    first,
    nodes.flatMap((node) => node.children),
  )
  return first
}

/** Makes one node of all siblings with the same function; the longest comes first. */
export function mergeSiblings(root: CallNode): void {
  for (const node of root) {
    const same = new Map<ProfiledFunction, CallNode[]>()
    for (const child of node.children) {
      const found = same.get(child.code)
      if (found) found.push(child)
      else same.set(child.code, [child])
    }
    adopt(node, [...same.values()].map(mergeNodes).sort(longestFirst))
  }
}

/** Order of siblings: equal times by function, file and line, so that chance has no say. */
export function longestFirst(a: CallNode, b: CallNode): number {
  return b.totalNs - a.totalNs || compareFunctions(a.code, b.code)
}

/** Cuts *node* from what is above it up to *top*, and gives it the time that was spent there
 *  alone, so that the tree still adds up. Its parent is then that of *top*, if it has one. */
export function putInPlaceOf(node: CallNode, top: CallNode): CallNode {
  if (node === top) return node
  node.absorbedNs += top.totalNs - node.totalNs
  node.totalNs = top.totalNs
  node.cpuNs = top.cpuNs
  node.ticks = top.ticks
  node.parent = top.parent
  if (top.parent !== null) {
    adopt(
      top.parent,
      top.parent.children.map((child) => (child === top ? node : child)),
    )
  }
  return node
}
