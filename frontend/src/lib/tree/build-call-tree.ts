// Builds the call tree from groups of stack rows: a node is the rows it stands for, its children
// are those rows' children grouped by function. What is pruned is never made.
import type { ProfiledFunction } from '../code/profiled-function'
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import { CallNode } from './call-node'
import { type ChildGroup, ChildGrouping } from './child-groups'
import { LargestFirst } from './largest-first'
import { longestFirst } from './tree-edits'
import { type TreeRoot, takesSelfLeaf } from './tree-root'

/** What a builder does while it builds, instead of processors afterwards. */
export interface BuildRules {
  /** Functions that are replaced by their children. */
  skips: ((code: ProfiledFunction) => boolean)[]
  /** Nodes with less than this share of the root's time are absorbed by their parent. */
  pruneBelow: number
  /** A function called by itself is one node. */
  foldRecursion: boolean
  /** Where a tree gets larger than this, its smallest nodes stay without children until somebody
   *  asks for them; shared by threads. */
  maxNodes: number
}

/** More than anybody reads, and few enough to be built between two pictures. */
export const MAX_NODES = 8_000

export const NO_RULES: BuildRules = {
  skips: [],
  pruneBelow: 0,
  foldRecursion: false,
  maxNodes: MAX_NODES,
}

/** The tree of one thread, or above some rows of one; *wholeNs* is what shares are of, unless it is
 *  the root's time. */
export function buildCallTree(
  rows: StackRows,
  weights: Weights,
  root: TreeRoot,
  rules: BuildRules,
  wholeNs?: number,
): CallNode {
  const { functions } = rows.functions
  const skipped = functions.map((code) => rules.skips.some((skips) => skips(code)))
  const grouping = new ChildGrouping(rows, weights, skipped, rules.foldRecursion)
  const top = new CallNode(root.code, sumOf(rows, weights, root.ownRows), root.ownRows)
  const threshold = rules.pruneBelow * (wholeNs ?? top.totalNs)
  const waiting = new LargestFirst<{ node: CallNode; rows: readonly number[] }>()
  waiting.push(top.totalNs, { node: top, rows: root.rows })
  let made = 1
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node } = next
    if (made >= rules.maxNodes) {
      node.isCut = next.rows.some((row) => rows.end[row] > row + 1)
      node.absorbedNs = node.totalNs
      continue
    }
    const { own, groups, folded, recursionDepth } = grouping.above(next.rows, node.code.id)
    node.folded = folded
    node.recursionDepth = recursionDepth
    for (const group of groups) {
      if (group.totalNs < threshold) {
        node.absorbedNs += group.totalNs
        continue
      }
      const child = addChild(node, functions[group.code], group)
      waiting.push(child.totalNs, { node: child, rows: group.rows })
      made++
    }
    if (own.totalNs && (own.totalNs < threshold || !takesSelfLeaf(node.code))) {
      node.absorbedNs += own.totalNs
    } else if (own.totalNs) {
      addChild(node, functions[own.code], own).absorbedNs = own.totalNs
      made++
    }
    if (node.children.length > 1) node.children.sort(longestFirst)
  }
  return top
}

function addChild(parent: CallNode, code: ProfiledFunction, group: ChildGroup): CallNode {
  const child = new CallNode(code, group, group.rows)
  child.parent = parent
  parent.children.push(child)
  return child
}

function sumOf({ stretches }: StackRows, weights: Weights, rows: readonly number[]) {
  const found = { totalNs: 0, cpuNs: 0, ticks: 0 }
  for (const row of rows) {
    const stretch = stretches.of[row]
    found.totalNs += weights.total[stretch]
    found.cpuNs += weights.totalCpu[stretch]
    found.ticks += weights.totalTicks[stretch]
  }
  return found
}
