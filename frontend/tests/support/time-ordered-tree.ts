// The full call tree in the order of time, built the plain way, sample by sample: what the fast
// builder is compared with.
import { THREAD_FILE } from '../../src/lib/code/profiled-function'
import { NO_ROW, type StackRows } from '../../src/lib/rows/stack-rows'
import { CallNode } from '../../src/lib/tree/call-node'
import type { CallTree } from '../../src/lib/tree/call-tree'
import { takesSelfLeaf } from '../../src/lib/tree/tree-root'
import { GroupNumbers } from './group-numbers'

/** Where there is one thread, all samples must share their first function. */
export function timeOrderedTree(rows: StackRows): CallTree {
  const { samples } = rows.session
  const { functions, self } = rows.functions
  const top = new CallNode(rows.functions.root, { totalNs: 0 })
  const order = Array.from(rows.ofSample.keys()).sort(
    (a, b) => samples.thread[a] - samples.thread[b],
  )
  for (const sample of order) {
    const times = { totalNs: samples.durationNs[sample], cpuNs: samples.cpuNs[sample] }
    if (!times.totalNs || rows.ofSample[sample] === NO_ROW) continue
    const path: number[] = []
    for (let row = rows.ofSample[sample]; row; row = rows.parent[row]) path.unshift(row)
    let node = top
    node.totalNs += times.totalNs
    node.cpuNs += times.cpuNs
    const codes = path.map((row) => functions[rows.function[row]])
    if (takesSelfLeaf(codes[codes.length - 1] ?? rows.functions.root)) codes.push(self)
    for (const code of codes) {
      let child = node.children.at(-1)
      if (child?.code !== code) {
        child = new CallNode(code, { totalNs: 0 })
        child.parent = node
        node.children.push(child)
      }
      child.totalNs += times.totalNs
      child.cpuNs += times.cpuNs
      node = child
    }
    node.absorbedNs += times.totalNs
  }
  const only = top.children.length === 1 ? top.children[0] : null
  if (only === null || only.code.file === THREAD_FILE) return { root: top.totalNs ? top : null }
  only.parent = null
  return { root: only }
}

/** A tree as text, a node a line: what two trees are compared by. */
export function drawn(tree: CallTree): string[] {
  const lines: string[] = []
  const groups = new GroupNumbers()
  for (const node of tree.root ?? []) {
    let depth = 0
    for (let above = node.parent; above; above = above.parent) depth++
    const group = node.group ? ` group ${groups.of(node.group)}` : ''
    const ms = (ns: number) => ns / 1e6
    const absorbed = node.absorbedNs ? ` (${ms(node.absorbedNs)})` : ''
    lines.push(`${'  '.repeat(depth)}${node.name} ${ms(node.totalNs)}${absorbed}${group}`)
  }
  return lines
}
