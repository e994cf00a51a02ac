// A stretch of an axis, and finding a place on it.

/** What is in view, say: nanoseconds; the end is exclusive. */
export interface Extent {
  startNs: number
  endNs: number
}

/** The last place in [from, to) whose value is no more than *value*, `from - 1` where none is.
 *  Values never fall. */
export function lastAtMost(
  values: ArrayLike<number>,
  from: number,
  to: number,
  value: number,
): number {
  while (from < to) {
    const middle = (from + to) >>> 1
    if (values[middle] <= value) from = middle + 1
    else to = middle
  }
  return from - 1
}
