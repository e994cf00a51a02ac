// Checks that a session holds together before anything relies on it: every id inside its table,
// every time one that can be. Column-wise: a million samples take milliseconds.
import { SessionDataError } from '../errors'
import type { Session } from './session'

export function checkSession(session: Session): void {
  const fault = firstFault(session)
  if (fault !== null) throw new SessionDataError(fault)
}

function firstFault(session: Session): string | null {
  const { strings, frames, locations, stacks, samples, threads, links, facts } = session
  if (strings[0] !== '') return 'its first string is not the empty one'
  const tables = { frame: frames, location: locations, stack: stacks, sample: samples }
  for (const [name, table] of Object.entries({ ...tables, thread: threads, link: links })) {
    const lengths = new Set(Object.values(table).map((column: { length: number }) => column.length))
    if (lengths.size !== 1) return `the columns of its ${name} table differ in length`
  }
  const size = stacks.parent.length
  if (!size || stacks.parent[0] || stacks.location[0]) {
    return 'its stack table does not begin with the empty stack'
  }
  for (let row = 1; row < size; row++) {
    if (stacks.parent[row] >= row) return `the parent of stack ${row} comes after it`
  }
  const ids: [string, ArrayLike<number>, number][] = [
    ['string', frames.function, strings.length],
    ['string', frames.qualname, strings.length],
    ['string', frames.file, strings.length],
    ['string', frames.className, strings.length],
    ['frame kind', frames.kind, 3],
    ['frame', locations.frame, frames.function.length],
    // Without row 0, which means nothing: there may be no location at all.
    ['location', stacks.location.subarray(1), locations.frame.length],
    ['stack', samples.stack, size],
    ['sample state', samples.state, 4],
    ['thread', samples.thread, threads.name.length],
    ['string', threads.name, strings.length],
    ['stack', links.stack, size],
    ['thread', links.thread, threads.name.length],
    ['stack', links.origin, size],
  ]
  for (const [what, column, limit] of ids) {
    const largest = largestOf(column)
    if (largest >= limit) return `${what} ${largest} is not in its table of ${limit}`
  }
  const times: [string, Float64Array][] = [
    ['a sample has a start', samples.startNs],
    ['a sample has a duration', samples.durationNs],
    ['a sample has a CPU time', samples.cpuNs],
    ['a link has a duration', links.durationNs],
  ]
  for (const [what, column] of times) {
    const least = leastOf(column)
    if (least < 0) return `${what} of ${least} ns`
  }
  if (facts.stem >= size) return `stack ${facts.stem} is not in its table of ${size}`
  return null
}

function largestOf(column: ArrayLike<number>): number {
  let largest = -1
  for (let place = 0; place < column.length; place++) {
    if (column[place] > largest) largest = column[place]
  }
  return largest
}

function leastOf(column: Float64Array): number {
  let least = 0
  for (const value of column) if (value < least) least = value
  return least
}
