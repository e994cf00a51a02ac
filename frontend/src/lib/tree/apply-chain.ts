// From weights to the call tree that is shown: what the builder can do at once, then the other
// processors one after the other.
import {
  growMachinery,
  removeFirstPyinstrumentFrames,
} from '../processors/remove-first-pyinstrument-frames'
import { prunedThreads } from '../processors/remove-irrelevant-nodes'
import type { ReportChain } from '../processors/report-chain'
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import { type BuildRules, TreeBuilder } from './build-call-tree'
import { CallNode, type NodeTimes } from './call-node'
import { type CallTree, busiestRoot, rootsOf } from './call-tree'
import { adopt } from './tree-edits'
import { findRoots } from './tree-root'

/** The tree of the time in *weights*. */
export function callTree(rows: StackRows, weights: Weights, chain: ReportChain): CallTree {
  let tree = buildTree(rows, weights, chain.rules)
  if (chain.rest.includes(removeFirstPyinstrumentFrames)) {
    const builder = new TreeBuilder(rows, weights, chain.rules)
    growMachinery(tree, (node, root) =>
      builder.build([{ node, rows: node.rows, wholeNs: root.totalNs }], 0),
    )
  }
  for (const processor of chain.rest) tree = processor(tree, chain.options)
  return tree
}

/** The tree under some rules; one root a thread where there are several. */
export function buildTree(rows: StackRows, weights: Weights, rules: BuildRules): CallTree {
  const above = new Map<CallNode, readonly number[]>()
  for (const root of findRoots(rows, weights)) {
    const { code, ownRows } = root
    above.set(new CallNode(code, sumOf(rows, weights, ownRows), ownRows), root.rows)
  }
  const tree = together([...above.keys()], rows, weights, rules.pruneBelow)
  const busiest = busiestRoot(tree)
  if (busiest === null) return tree
  // The last of some that are as large is built first: the order of threads should say so.
  const others = rootsOf(tree).filter((node) => node !== busiest)
  const starts = [busiest, ...others.reverse()].map((node) => ({
    node,
    rows: above.get(node)!,
    wholeNs: node.totalNs,
  }))
  new TreeBuilder(rows, weights, rules).build(starts)
  return tree
}

/** Alone, a chosen thread is the root. */
function together(
  roots: CallNode[],
  rows: StackRows,
  weights: Weights,
  pruneBelow: number,
): CallTree {
  if (roots.length < 2) return { root: roots[0] ?? null }
  const top = new CallNode(rows.functions.root, sumOf(rows, weights, [0]), [0])
  adopt(top, roots)
  return prunedThreads({ root: top }, pruneBelow)
}

function sumOf({ stretches }: StackRows, weights: Weights, rows: readonly number[]): NodeTimes {
  const found = { totalNs: 0, cpuNs: 0, ticks: 0 }
  for (const row of rows) {
    const stretch = stretches.of[row]
    found.totalNs += weights.total[stretch]
    found.cpuNs += weights.totalCpu[stretch]
    found.ticks += weights.totalTicks[stretch]
  }
  return found
}
