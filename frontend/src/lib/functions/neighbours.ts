// Who called a function, and whom it called, over all its calls.
import type { ProfiledFunction } from '../code/profiled-function'
import { compareFunctions } from '../code/profiled-function'
import { rowsByKey } from '../rows/rows-by-key'
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'

export interface Neighbour {
  code: ProfiledFunction
  totalNs: number
}

export interface Neighbours {
  /** Time of the function by who called it; of a recursion the outermost call counts, so that the
   *  sum is the function's total. What no function called is missing. */
  callers: Neighbour[]
  /** Time of what the function called; each function once however often it comes again above.
   *  Calls of itself are no callees. */
  callees: Neighbour[]
}

/** *functionOf*, by row, may have other functions than the rows. */
export function neighboursOf(
  rows: StackRows,
  weights: Weights,
  code: number,
  functionOf: Uint32Array = rows.function,
): Neighbours {
  const { parent, end } = rows
  const { of } = rows.stretches
  const { total } = weights
  const callers = new Map<number, number>()
  const callees = new Map<number, number>()
  const above: number[] = []
  let outermostEnd = 0
  for (const row of rowsByKey(functionOf).of(code)) {
    if (!total[of[row]]) continue
    if (row >= outermostEnd) {
      outermostEnd = end[row]
      if (row > 0) add(callers, functionOf[parent[row]], total[of[row]])
    }
    for (let child = row + 1; child < end[row]; child = end[child]) {
      if (functionOf[child] !== code && total[of[child]]) above.push(child)
    }
  }
  // By callee: one after the last row above the outermost call of it by the function.
  const openUntil = new Map<number, number>()
  for (const row of Uint32Array.from(above).sort()) {
    const callee = functionOf[row]
    if ((openUntil.get(callee) ?? 0) > row) continue
    openUntil.set(callee, end[row])
    add(callees, callee, total[of[row]])
  }
  callers.delete(rows.functions.root.id)
  return { callers: listed(callers), callees: listed(callees) }

  function listed(times: Map<number, number>): Neighbour[] {
    return [...times]
      .map(([id, totalNs]) => ({ code: rows.functions.functions[id], totalNs }))
      .sort((a, b) => b.totalNs - a.totalNs || compareFunctions(a.code, b.code))
  }
}

function add(times: Map<number, number>, id: number, ns: number): void {
  times.set(id, (times.get(id) ?? 0) + ns)
}
