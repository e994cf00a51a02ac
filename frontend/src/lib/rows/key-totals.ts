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
  for (let row = 0; row < rows.count; ) {
    if (!weights.total[row] && !weights.totalTicks[row]) {
      row = rows.end[row]
      continue
    }
    const key = keyOfRow[row]
    if (key !== NO_KEY) {
      found.self[key] += weights.self[row]
      found.selfTicks[key] += weights.selfTicks[row]
      if (openUntil[key] <= row) {
        openUntil[key] = rows.end[row]
        found.total[key] += weights.total[row]
        found.totalCpu[key] += weights.totalCpu[row]
        found.totalTicks[key] += weights.totalTicks[row]
      }
    }
    row++
  }
  return found
}
