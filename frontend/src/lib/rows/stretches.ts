// Rows that have the same time whatever is chosen: nothing but the next is above each, and no
// sample ends before the last. Times are summed by stretch: deep stacks have far fewer of these.

export interface Stretches {
  count: number
  /** By row: its stretch. The rows of a stretch follow each other, and so do stretches. */
  of: Uint32Array
  /** By stretch: its last row, the only one that can have time of its own. */
  last: Uint32Array
  /** By stretch: the one below it. */
  parent: Uint32Array
}

/** Of rows in preorder; *isEnd*, by row, is not 0 where a sample may end. */
export function stretchesOf(
  { parent, end }: { parent: Uint32Array; end: Uint32Array },
  isEnd: Uint8Array,
): Stretches {
  const rows = parent.length
  const of = new Uint32Array(rows)
  let count = 0
  for (let row = 0; row < rows; row++) {
    of[row] = count
    const hasOneAbove = row + 1 < end[row] && end[row + 1] === end[row]
    if (isEnd[row] || !hasOneAbove) count++
  }
  const last = new Uint32Array(count)
  const below = new Uint32Array(count)
  for (let row = 0; row < rows; row++) last[of[row]] = row
  for (let next = 1; next < count; next++) below[next] = of[parent[last[next - 1] + 1]]
  return { count, of, last, parent: below }
}

/** Of *own*, by stretch, what a row has. */
export function ownOf({ of, last }: Stretches, own: ArrayLike<number>, row: number): number {
  return last[of[row]] === row ? own[of[row]] : 0
}
