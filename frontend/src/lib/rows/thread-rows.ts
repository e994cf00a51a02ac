// Which rows there are: the stack table as it is for one thread; where several threads have time,
// a copy for each thread of the rows that it uses, above a row that stands for it.
import type { Session } from '../session/session'
import { samplesByThread } from './samples-by-thread'

/** What stands for the empty stack and for threads, which are at no location. */
export const NO_LOCATION = 0xffffffff
/** The row of a sample that has none: of a thread in which no time passed. */
export const NO_ROW = 0xffffffff

/** One thread with time. */
export interface Lane {
  /** That stands for the thread; 0 where there is one thread only. */
  row: number
  /** Row of the thread table. */
  thread: number
}

/** Rows before they are in preorder. A parent's number is smaller than its child's. */
export interface ThreadRows {
  parent: ArrayLike<number>
  location: ArrayLike<number>
  ofSample: Uint32Array
  lanes: Lane[]
}

/** *threads* has one row of the thread table, or none. */
export function rowsOfWholeTable(session: Session, threads: number[]): ThreadRows {
  const location = session.stacks.location.slice()
  location[0] = NO_LOCATION
  return {
    parent: session.stacks.parent,
    location,
    ofSample: session.samples.stack,
    lanes: [{ row: 0, thread: threads[0] ?? 0 }],
  }
}

export function rowsOfThreads(session: Session, threads: number[]): ThreadRows {
  const { parent, location } = session.stacks
  const { stack } = session.samples
  const samplesOf = samplesByThread(session)
  const found = { parent: [0], location: [NO_LOCATION] }
  const ofSample = new Uint32Array(stack.length).fill(NO_ROW)
  const lanes: Lane[] = []
  // By stack: the last thread (plus one) that used it, and its row for that thread.
  const usedBy = new Uint32Array(parent.length)
  const rowOf = new Uint32Array(parent.length)
  for (const own of threads) {
    const used: number[] = []
    for (const sample of samplesOf[own]) {
      for (let row = stack[sample]; row && usedBy[row] !== own + 1; row = parent[row]) {
        usedBy[row] = own + 1
        used.push(row)
      }
    }
    rowOf[0] = found.parent.length
    lanes.push({ row: rowOf[0], thread: own })
    found.parent.push(0)
    found.location.push(NO_LOCATION)
    for (const row of Uint32Array.from(used).sort()) {
      rowOf[row] = found.parent.length
      found.parent.push(rowOf[parent[row]])
      found.location.push(location[row])
    }
    for (const sample of samplesOf[own]) ofSample[sample] = rowOf[stack[sample]]
  }
  return { ...found, ofSample, lanes }
}
