// Builds what was left out above nodes of a tree that got too large, once somebody asks for it.
import { groupFrom, groupLibraryFrames } from '../processors/group-library-frames'
import { removeUnnecessarySelfTimeNodes } from '../processors/remove-unnecessary-self-time-nodes'
import type { ReportChain } from '../processors/report-chain'
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import { TreeBuilder } from './build-call-tree'
import type { CallNode } from './call-node'

/** Of one tree, with what that was made from. */
export class TreeGrower {
  readonly #builder: TreeBuilder
  readonly #chain: ReportChain
  /** Time of their thread, by nodes that were grown: on a deep way, the next is right above. */
  readonly #wholeNs = new Map<CallNode, number>()

  constructor(rows: StackRows, weights: Weights, chain: ReportChain) {
    this.#builder = new TreeBuilder(rows, weights, chain.rules)
    this.#chain = chain
  }

  /** Gives *nodes*, which were cut, the children that they have in a tree without limit, and theirs
   *  as far as the limit for all of them allows. */
  grow(nodes: readonly CallNode[], maxNodes: number = this.#chain.rules.maxNodes): void {
    const { rest, options } = this.#chain
    const starts = nodes.map((node) => ({ node, rows: node.rows, wholeNs: this.#wholeOf(node) }))
    this.#builder.build(starts, maxNodes)
    for (const node of nodes) {
      removeUnnecessarySelfTimeNodes({ root: node }, options)
      if (rest.includes(groupLibraryFrames)) groupFrom(node, options)
    }
  }

  /** Gives a node that was cut its children, and not theirs. */
  growOne(node: CallNode): void {
    this.grow([node], 0)
  }

  #wholeOf(node: CallNode): number {
    let below = node
    while (below.parent && !below.isThread && !this.#wholeNs.has(below)) below = below.parent
    const wholeNs = this.#wholeNs.get(below) ?? below.totalNs
    this.#wholeNs.set(node, wholeNs)
    return wholeNs
  }
}
