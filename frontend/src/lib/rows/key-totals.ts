// Adds up rows by any key (function, line, file, library): own time, and total time in which
// recursion counts once. One walk over the rows that have time, however deep they are.
import type { StackRows } from './stack-rows'
import type { Weights } from './weights'

export const NO_KEY = 0xffffffff

/** By key. */
export interface KeyTotals {
  self: Float64Array
  total: Float64Array
  totalCpu: Float64Array
  selfTicks: Uint32Array
  totalTicks: Uint32Array
}

/** *keyOfRow* gives each row a key below *keys*, or {@link NO_KEY}. */
export function totalsByKey(
  rows: StackRows,
  weights: Weights,
  keyOfRow: Uint32Array,
  keys: number,
): KeyTotals {
  const found: KeyTotals = {
    self: new Float64Array(keys),
    total: new Float64Array(keys),
    totalCpu: new Float64Array(keys),
    selfTicks: new Uint32Array(keys),
    totalTicks: new Uint32Array(keys),
  }
  // By key: one after the last row above the outermost one with that key. In preorder, a row
  // before that is above it.
  const openUntil = new Uint32Array(keys)
  const { count, of, last } = rows.stretches
  for (let stretch = 0, row = 0; stretch < count; ) {
    const top = last[stretch]
    const end = rows.end[top]
    const totalNs = weights.total[stretch]
    const ticks = weights.totalTicks[stretch]
    if (!totalNs && !ticks) {
      row = end
      stretch = end < rows.count ? of[end] : count
      continue
    }
    const cpuNs = weights.totalCpu[stretch]
    for (; row <= top; row++) {
      const key = keyOfRow[row]
      if (key === NO_KEY || openUntil[key] > row) continue
      openUntil[key] = end
      found.total[key] += totalNs
      found.totalCpu[key] += cpuNs
      found.totalTicks[key] += ticks
    }
    const own = keyOfRow[top]
    if (own !== NO_KEY) {
      found.self[own] += weights.self[stretch]
      found.selfTicks[own] += weights.selfTicks[stretch]
    }
    stretch++
  }
  return found
}
