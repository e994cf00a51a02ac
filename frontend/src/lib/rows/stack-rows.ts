// A session's stack table laid out for walking: rows are numbered in preorder, so that everything
// above a row (its callees) is the range [row, end[row]). Made once; filters only change weights.
import { FunctionTable } from '../code/function-table'
import type { Session } from '../session/session'
import { inPreorder } from './preorder'
import { type Stretches, stretchesOf } from './stretches'
import { type Lane, NO_LOCATION, NO_ROW, rowsOfThreads, rowsOfWholeTable } from './thread-rows'

export { type Lane, NO_LOCATION, NO_ROW }

/**
 * Row 0 is the empty stack. Where several threads have time, its children are one row a thread,
 * and each thread has rows of its own. The children of a row are `row + 1`, then each `end` of
 * the child before, until `end[row]`.
 */
export interface StackRows {
  session: Session
  functions: FunctionTable
  count: number
  parent: Uint32Array
  /** One after the last row above this one. */
  end: Uint32Array
  /** Rows below, the empty stack included. */
  depth: Uint32Array
  /** Row of the location table, or {@link NO_LOCATION}. */
  location: Uint32Array
  /** Id of the function. */
  function: Uint32Array
  /** By sample: the row of its stack, or {@link NO_ROW}. */
  ofSample: Uint32Array
  lanes: Lane[]
  /** What weights are by. */
  stretches: Stretches
}

export function stackRows(session: Session): StackRows {
  const functions = new FunctionTable(session)
  const threads = threadsWithTime(session)
  const source =
    threads.length > 1 ? rowsOfThreads(session, threads) : rowsOfWholeTable(session, threads)
  const { parent, end, depth, place } = inPreorder(source.parent)
  const count = parent.length
  const location = new Uint32Array(count)
  const ofRow = new Uint32Array(count)
  for (let old = 0; old < count; old++) {
    const found = source.location[old]
    location[place[old]] = found
    ofRow[place[old]] = found === NO_LOCATION ? functions.root.id : functions.ofLocation[found]
  }
  const lanes = source.lanes.map((lane) => ({ row: place[lane.row], thread: lane.thread }))
  for (const lane of lanes) {
    if (lane.row) ofRow[lane.row] = functions.addThread(session, lane.thread).id
  }
  const ofSample = source.ofSample.map((old) => (old === NO_ROW ? NO_ROW : place[old]))
  const isEnd = new Uint8Array(count)
  for (const row of ofSample) if (row !== NO_ROW) isEnd[row] = 1
  const stretches = stretchesOf({ parent, end }, isEnd)
  const links = { parent, end, depth }
  const columns = { location, function: ofRow, ofSample }
  return { session, functions, count, ...links, ...columns, lanes, stretches }
}

/** Rows of the thread table, in order. */
function threadsWithTime({ samples, threads }: Session): number[] {
  const timed = new Uint8Array(threads.name.length)
  for (let sample = 0; sample < samples.thread.length; sample++) {
    if (samples.durationNs[sample]) timed[samples.thread[sample]] = 1
  }
  return Array.from(timed.keys()).filter((thread) => timed[thread])
}
