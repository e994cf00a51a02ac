// Builds call trees from groups of stack rows: a node is the rows it stands for, its children are
// those rows' children grouped by function. What is pruned is never made.
import type { ProfiledFunction } from '../code/profiled-function'
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import { CallNode } from './call-node'
import { type ChildGroup, ChildGrouping } from './child-groups'
import { LargestFirst } from './largest-first'
import { longestFirst } from './tree-edits'
import { takesSelfLeaf } from './tree-root'

/** What a builder does while it builds, instead of processors afterwards. */
export interface BuildRules {
  /** Functions that are replaced by their children. */
  skips: ((code: ProfiledFunction) => boolean)[]
  /** Nodes with less than this share of the root's time are absorbed by their parent. */
  pruneBelow: number
  /** A function called by itself is one node. */
  foldRecursion: boolean
  /** Where a tree gets larger than this, its smallest nodes stay without children until somebody
   *  asks for them. */
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

/** A node that has no children yet, or was cut. */
export interface Start {
  node: CallNode
  /** What its children are above. */
  rows: readonly number[]
  /** What shares are of. */
  wholeNs: number
}

/** Of one tree: what does not change from node to node is made once. */
export class TreeBuilder {
  readonly #rows: StackRows
  readonly #rules: BuildRules
  readonly #grouping: ChildGrouping

  constructor(rows: StackRows, weights: Weights, rules: BuildRules) {
    this.#rows = rows
    this.#rules = rules
    const skipped = rows.functions.functions.map((code) => rules.skips.some((skips) => skips(code)))
    this.#grouping = new ChildGrouping(rows, weights, skipped, rules.foldRecursion)
  }

  /**
   * Gives nodes their children, and these theirs, the largest first, until there are *maxNodes* of
   * them all; the nodes given get theirs whatever the limit. Up to half of it is the first one's,
   * however large the others are: what the reader looks at first is not to be cut for them.
   */
  build(starts: readonly Start[], maxNodes: number = this.#rules.maxNodes): void {
    const waiting = new LargestFirst<Start>()
    let made = starts.length
    const buildUpTo = (limit: number) => {
      for (let next; made < limit && (next = waiting.pop()); ) made += this.#expand(next, waiting)
    }
    for (const [place, start] of starts.entries()) {
      made += this.#expand(start, waiting)
      if (place === 0) buildUpTo(maxNodes / 2)
    }
    buildUpTo(maxNodes)
    for (let next = waiting.pop(); next; next = waiting.pop()) this.#cut(next)
  }

  /** Gives a node its children, which wait for theirs. How many there are. */
  #expand({ node, rows, wholeNs }: Start, waiting: LargestFirst<Start>): number {
    const { functions } = this.#rows.functions
    const threshold = this.#rules.pruneBelow * wholeNs
    const { own, groups, folded, recursionDepth } = this.#grouping.above(rows, node.code.id)
    node.absorbedNs -= node.cutNs
    node.cutNs = 0
    node.folded = folded
    node.recursionDepth = recursionDepth
    for (const group of groups) {
      if (group.totalNs < threshold) {
        node.absorbedNs += group.totalNs
        continue
      }
      const child = addChild(node, functions[group.code], group)
      waiting.push(child.totalNs, { node: child, rows: group.rows, wholeNs })
    }
    if (own.totalNs && (own.totalNs < threshold || !takesSelfLeaf(node.code))) {
      node.absorbedNs += own.totalNs
    } else if (own.totalNs) {
      addChild(node, functions[own.code], own).absorbedNs = own.totalNs
    }
    if (node.children.length > 1) node.children.sort(longestFirst)
    return node.children.length
  }

  /** Leaves a node without children. */
  #cut({ node, rows }: Start): void {
    const { end } = this.#rows
    node.absorbedNs = node.totalNs
    if (rows.some((row) => end[row] > row + 1)) node.cutNs = node.totalNs
  }
}

function addChild(parent: CallNode, code: ProfiledFunction, group: ChildGroup): CallNode {
  const child = new CallNode(code, group, group.rows)
  child.parent = parent
  parent.children.push(child)
  return child
}
