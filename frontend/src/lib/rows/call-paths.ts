// The distinct paths of functions among the stack rows: rows that differ in lines only are one
// path. Flame graph and timeline draw paths. Made once for what is skipped and folded.
import type { StackRows } from './stack-rows'
import { type Stretches, stretchesOf } from './stretches'

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
  stretches: Stretches
  /** By stretch of rows: the stretch of the path that its last row has. */
  ofStretch: Uint32Array
}

/** By stretch of paths, in nanoseconds. */
export interface PathTimes {
  self: Float64Array
  total: Float64Array
  /** Of `self`, not on a CPU. */
  waiting: Float64Array
}

const NONE = 0xffffffff
/** So many paths between steps: some milliseconds. */
const STEP = 1 << 15

/**
 * *skipped*, by function: looked through, its time and calls are those of the caller. With
 * *foldRecursion* so are calls of a function by itself. Yields now and then: there may be millions
 * of rows.
 */
export function* callPaths(
  rows: StackRows,
  skipped: readonly boolean[],
  foldRecursion: boolean,
): Generator<void, CallPaths> {
  const { end, function: functionOf, count: rowCount } = rows
  const ofRow = new Uint32Array(rowCount)
  const parents = new Uint32Array(rowCount)
  const codes = new Uint32Array(rowCount)
  // The rows of a path are a linked list: those that are looked through join while it is walked.
  const next = new Uint32Array(rowCount).fill(NONE)
  // Paths that were met and not yet numbered, the next one last: their parent's number, and their
  // rows. What is above a path is numbered before what is beside it.
  const waiting = { parent: [0], head: [0], tail: [0] }
  // By function: the last path (plus one) that it was called in, and its place in `waiting`.
  const calledIn = new Uint32Array(skipped.length)
  const ownPlace = new Uint32Array(skipped.length)
  let count = 0
  while (waiting.head.length) {
    const path = count++
    if (path % STEP === STEP - 1) yield
    const head = waiting.head.pop()!
    let tail = waiting.tail.pop()!
    parents[path] = waiting.parent.pop()!
    const code = (codes[path] = functionOf[head])
    const folded = foldRecursion ? code : NONE
    for (let row = head; row !== NONE; row = next[row]) {
      ofRow[row] = path
      for (let child = row + 1; child < end[row]; child = end[child]) {
        const called = functionOf[child]
        if (skipped[called] || called === folded) {
          next[tail] = child
          tail = child
        } else if (calledIn[called] === path + 1) {
          const place = ownPlace[called]
          next[waiting.tail[place]] = child
          waiting.tail[place] = child
        } else {
          calledIn[called] = path + 1
          ownPlace[called] = waiting.head.length
          waiting.parent.push(path)
          waiting.head.push(child)
          waiting.tail.push(child)
        }
      }
    }
  }
  yield
  const links = yield* linksOf(parents.slice(0, count))
  yield
  const jump = jumps(links.parent, links.depth)
  yield
  const { last } = rows.stretches
  const isEnd = new Uint8Array(count)
  for (const row of last) isEnd[ofRow[row]] = 1
  const code = codes.slice(0, count)
  yield
  const stretches = stretchesOf(links, isEnd)
  const ofStretch = last.map((row) => stretches.of[ofRow[row]])
  return { count, ...links, code, ofRow, jump, stretches, ofStretch }
}

/** Of paths in preorder. */
function* linksOf(
  parent: Uint32Array,
): Generator<void, Pick<CallPaths, 'parent' | 'end' | 'depth'>> {
  const depth = new Uint32Array(parent.length)
  const end = new Uint32Array(parent.length)
  for (let path = 1; path < parent.length; path++) depth[path] = depth[parent[path]] + 1
  yield
  for (let path = parent.length - 1; path >= 0; path--) {
    end[path] = Math.max(end[path], path + 1)
    if (path) end[parent[path]] = Math.max(end[parent[path]], end[path])
  }
  return { parent, end, depth }
}

/** What paths have of the time that rows have; without *ownCpu* nothing waited. */
export function pathTimes(
  { stretches, ofStretch }: CallPaths,
  own: Float64Array,
  ownCpu: Float64Array | null = null,
): PathTimes {
  const { count, parent } = stretches
  const self = new Float64Array(count)
  const waiting = new Float64Array(count)
  for (let stretch = 0; stretch < own.length; stretch++) {
    self[ofStretch[stretch]] += own[stretch]
    if (ownCpu) waiting[ofStretch[stretch]] += Math.max(0, own[stretch] - ownCpu[stretch])
  }
  const total = self.slice()
  for (let place = count - 1; place > 0; place--) total[parent[place]] += total[place]
  return { self, total, waiting }
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
