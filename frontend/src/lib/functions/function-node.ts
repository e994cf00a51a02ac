// A function as a whole in the shape of a call node: what shows a call can show all its calls.
import type { ProfiledFunction } from '../code/profiled-function'
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import { CallNode } from '../tree/call-node'

/** Its rows are the outermost calls, `folded` those within; recursion counts once. */
export function functionNode(rows: StackRows, weights: Weights, code: ProfiledFunction): CallNode {
  const outermost: number[] = []
  const inner: number[] = []
  const times = { totalNs: 0, cpuNs: 0, ticks: 0, absorbedNs: 0 }
  let outermostEnd = 0
  for (let row = 0; row < rows.count; ) {
    if (!weights.total[row]) {
      row = rows.end[row]
      continue
    }
    if (rows.function[row] === code.id) {
      times.absorbedNs += weights.self[row]
      if (row < outermostEnd) {
        inner.push(row)
      } else {
        outermostEnd = rows.end[row]
        outermost.push(row)
        times.totalNs += weights.total[row]
        times.cpuNs += weights.totalCpu[row]
        times.ticks += weights.totalTicks[row]
      }
    }
    row++
  }
  const node = new CallNode(code, times, outermost)
  node.folded = inner
  return node
}
