// A function as a whole in the shape of a call node: what shows a call can show all its calls.
import type { ProfiledFunction } from '../code/profiled-function'
import { rowsByKey } from '../rows/rows-by-key'
import type { StackRows } from '../rows/stack-rows'
import { ownOf } from '../rows/stretches'
import type { Weights } from '../rows/weights'
import { CallNode } from '../tree/call-node'

/** Its rows are the outermost calls, `folded` those within; recursion counts once. */
export function functionNode(rows: StackRows, weights: Weights, code: ProfiledFunction): CallNode {
  const outermost: number[] = []
  const inner: number[] = []
  const times = { totalNs: 0, cpuNs: 0, ticks: 0, absorbedNs: 0 }
  const { of } = rows.stretches
  let outermostEnd = 0
  for (const row of rowsByKey(rows.function).of(code.id)) {
    const stretch = of[row]
    if (!weights.total[stretch]) continue
    times.absorbedNs += ownOf(rows.stretches, weights.self, row)
    if (row < outermostEnd) {
      inner.push(row)
    } else {
      outermostEnd = rows.end[row]
      outermost.push(row)
      times.totalNs += weights.total[stretch]
      times.cpuNs += weights.totalCpu[stretch]
      times.ticks += weights.totalTicks[stretch]
    }
  }
  const node = new CallNode(code, times, outermost)
  node.folded = inner
  return node
}
