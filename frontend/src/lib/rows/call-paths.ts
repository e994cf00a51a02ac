// The distinct paths of functions among the stack rows: rows that differ in lines only are one
// path. Flame graph and timeline draw paths. Made once for what is skipped and folded.
import { inPreorder } from './preorder'
import type { StackRows } from './stack-rows'

/** Path 0 is the empty one. In preorder: all that a path called is [path, end[path]). */
export interface CallPaths {
  count: number
  parent: Uint32Array
  end: Uint32Array
  depth: Uint32Array
  /** Id of the function. */
  code: Uint32Array
  /** By row. A row that is looked through has the path of the row below it. */
  ofRow: Uint32Array
  /** Some path further below, for {@link pathAtDepth}. */
  jump: Uint32Array
}

export interface PathTimes {
  self: Float64Array
  total: Float64Array
}

const NONE = 0xffffffff

/**
 * *skipped*, by function: looked through, its time and calls are those of the caller. With
 * *foldRecursion* so are calls of a function by itself.
 */
export function callPaths(
  rows: StackRows,
  skipped: readonly boolean[],
  foldRecursion: boolean,
): CallPaths {
  const { end, function: functionOf, count: rowCount } = rows
  const ofRow = new Uint32Array(rowCount)
  const parents = new Uint32Array(rowCount)
  const codes = new Uint32Array(rowCount)
  // The rows of each path, as linked lists: rows that are looked through join while it is walked.
  const head = new Uint32Array(rowCount).fill(NONE)
  const tail = new Uint32Array(rowCount)
  const next = new Uint32Array(rowCount).fill(NONE)
  // By function: the last path (plus one) that it was called in, and its own path there.
  const calledIn = new Uint32Array(skipped.length)
  const ownPath = new Uint32Array(skipped.length)
  const join = (path: number, row: number) => {
    ofRow[row] = path
    if (head[path] === NONE) head[path] = row
    else next[tail[path]] = row
    tail[path] = row
  }
  codes[0] = functionOf[0]
  join(0, 0)
  let count = 1
  for (let path = 0; path < count; path++) {
    const folded = foldRecursion ? codes[path] : NONE
    for (let row = head[path]; row !== NONE; row = next[row]) {
      for (let child = row + 1; child < end[row]; child = end[child]) {
        const code = functionOf[child]
        if (skipped[code] || code === folded) {
          join(path, child)
          continue
        }
        if (calledIn[code] !== path + 1) {
          calledIn[code] = path + 1
          ownPath[code] = count
          parents[count] = path
          codes[count] = code
          count++
        }
        join(ownPath[code], child)
      }
    }
  }
  const { place, ...links } = inPreorder(parents.subarray(0, count))
  const code = new Uint32Array(count)
  for (let old = 0; old < count; old++) code[place[old]] = codes[old]
  for (let row = 0; row < rowCount; row++) ofRow[row] = place[ofRow[row]]
  return { count, ...links, code, ofRow, jump: jumps(links.parent, links.depth) }
}

/** What each path has of the time that rows have; *selfOfRows* as in weights. */
export function pathTimes(paths: CallPaths, selfOfRows: Float64Array): PathTimes {
  const self = new Float64Array(paths.count)
  for (let row = 0; row < selfOfRows.length; row++) self[paths.ofRow[row]] += selfOfRows[row]
  const total = self.slice()
  for (let path = paths.count - 1; path > 0; path--) total[paths.parent[path]] += total[path]
  return { self, total }
}

/** The path below *path* (or itself) that has *depth*, in steps that grow with its logarithm. */
export function pathAtDepth(paths: CallPaths, path: number, depth: number): number {
  while (paths.depth[path] > depth) {
    const far = paths.jump[path]
    path = paths.depth[far] >= depth ? far : paths.parent[path]
  }
  return path
}

/**
 * Pointers as in a skew-binary number (Myers, "An applicative random-access stack", 1983): two
 * jumps of equal length in a row become one of the double length.
 */
function jumps(parent: Uint32Array, depth: Uint32Array): Uint32Array {
  const jump = new Uint32Array(parent.length)
  for (let path = 1; path < parent.length; path++) {
    const below = parent[path]
    const near = jump[below]
    const isDouble = depth[below] - depth[near] === depth[near] - depth[jump[near]]
    jump[path] = isDouble ? jump[near] : below
  }
  return jump
}
