// Rows of functions that a reader does not want to see: their time is that of their callers, as in
// the tree.
import { NO_KEY } from './key-totals'
import type { StackRows } from './stack-rows'

/** *keys* by row, where rows of *skipped* functions, by id, have the key of the row below. */
export function lookedThrough(
  { parent, function: functionOf }: StackRows,
  keys: Uint32Array,
  skipped: readonly boolean[],
): Uint32Array {
  if (!skipped.includes(true)) return keys
  const found = keys.slice()
  // A parent's number is smaller: its key is known.
  for (let row = 1; row < found.length; row++) {
    if (skipped[functionOf[row]] && found[row] !== NO_KEY) found[row] = found[parent[row]]
  }
  return found
}
