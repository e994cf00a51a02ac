// The rows of each key (function, file), so that looking for one does not read all rows.
import { NO_KEY } from './key-totals'

/** Rows in preorder. */
export interface RowsByKey {
  of(key: number): Uint32Array
}

const made = new WeakMap<Uint32Array, RowsByKey>()

/** *keys*, by row, is not changed afterwards: its index is kept as long as it is. */
export function rowsByKey(keys: Uint32Array): RowsByKey {
  let found = made.get(keys)
  if (found === undefined) made.set(keys, (found = indexOf(keys)))
  return found
}

function indexOf(keys: Uint32Array): RowsByKey {
  let most = -1
  for (const key of keys) if (key !== NO_KEY && key > most) most = key
  const first = new Uint32Array(most + 2)
  for (const key of keys) if (key !== NO_KEY) first[key + 1]++
  for (let key = 0; key <= most; key++) first[key + 1] += first[key]
  const rows = new Uint32Array(first[most + 1])
  const free = first.slice()
  keys.forEach((key, row) => {
    if (key !== NO_KEY) rows[free[key]++] = row
  })
  return {
    of: (key) => (key > most ? new Uint32Array() : rows.subarray(first[key], first[key + 1])),
  }
}
