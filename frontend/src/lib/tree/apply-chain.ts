// From weights to the call tree that is shown: what the builder can do at once, then the other
// processors one after the other.
import { prunedThreads } from '../processors/remove-irrelevant-nodes'
import type { ReportChain } from '../processors/report-chain'
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import { type BuildRules, buildCallTree } from './build-call-tree'
import { CallNode } from './call-node'
import type { CallTree } from './call-tree'
import { adopt } from './tree-edits'
import { findRoots } from './tree-root'

/** The tree of the time in *weights*. */
export function callTree(rows: StackRows, weights: Weights, chain: ReportChain): CallTree {
  let tree = buildTree(rows, weights, chain.rules)
  for (const processor of chain.rest) tree = processor(tree, chain.options)
  return tree
}

/** The tree under some rules; one root a thread where there are several. */
export function buildTree(rows: StackRows, weights: Weights, rules: BuildRules): CallTree {
  const found = findRoots(rows, weights)
  const share = { ...rules, maxNodes: Math.ceil(rules.maxNodes / found.length) }
  const roots = found.map((root) => buildCallTree(rows, weights, root, share))
  // Alone, a chosen thread is the root.
  if (roots.length < 2) return { root: roots[0] ?? null }
  const top = new CallNode(
    rows.functions.root,
    { totalNs: weights.total[0], cpuNs: weights.totalCpu[0], ticks: weights.totalTicks[0] },
    [0],
  )
  adopt(top, roots)
  return prunedThreads({ root: top }, rules.pruneBelow)
}
