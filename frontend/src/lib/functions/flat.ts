// The functions of a run with their times, whoever called them.
import type { ProfiledFunction } from '../code/profiled-function'
import { compareFunctions } from '../code/profiled-function'
import { totalsByKey } from '../rows/key-totals'
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'

export interface FunctionTimes {
  code: ProfiledFunction
  /** In the function itself. */
  selfNs: number
  /** And in what it called; recursion counts once. */
  totalNs: number
  /** Of the total, on a CPU. */
  cpuNs: number
  selfTicks: number
  /** Observations of the total. */
  ticks: number
}

export type FunctionOrder = 'self' | 'total' | 'name' | 'place'

/** Every function with time; stand-ins for threads and the like are none. *functionOfRow* may
 *  leave rows out. */
export function functionTimes(
  rows: StackRows,
  weights: Weights,
  functionOfRow: Uint32Array = rows.function,
): FunctionTimes[] {
  const { functions } = rows.functions
  const found = totalsByKey(rows, weights, functionOfRow, functions.length)
  const times: FunctionTimes[] = []
  for (const code of functions) {
    const totalNs = found.total[code.id]
    if (!totalNs || code.isThread || code === rows.functions.root) continue
    times.push({
      code,
      selfNs: found.self[code.id],
      totalNs,
      cpuNs: found.totalCpu[code.id],
      selfTicks: found.selfTicks[code.id],
      ticks: found.totalTicks[code.id],
    })
  }
  return times
}

/** A sorted copy: times from the longest, names and places from the first. */
export function inOrder(times: readonly FunctionTimes[], order: FunctionOrder): FunctionTimes[] {
  const byCode = (a: FunctionTimes, b: FunctionTimes) => compareFunctions(a.code, b.code)
  const byPlace = ({ code: a }: FunctionTimes, { code: b }: FunctionTimes) =>
    a.shortFile < b.shortFile ? -1 : a.shortFile > b.shortFile ? 1 : a.firstLine - b.firstLine
  const orders: Record<FunctionOrder, (a: FunctionTimes, b: FunctionTimes) => number> = {
    self: (a, b) => b.selfNs - a.selfNs || b.totalNs - a.totalNs || byCode(a, b),
    total: (a, b) => b.totalNs - a.totalNs || b.selfNs - a.selfNs || byCode(a, b),
    name: byCode,
    place: (a, b) => byPlace(a, b) || byCode(a, b),
  }
  return times.slice().sort(orders[order])
}
