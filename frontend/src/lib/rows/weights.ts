// How much of the chosen time each row of the stack table has: one pass over the samples, one
// backwards over the rows. Everything that views show is computed from weights, not from samples.
import { SampleState } from '../session/session'
import { NO_ROW, type StackRows } from './stack-rows'

export type Clock = 'wall' | 'cpu'

/** Nanoseconds since the recording started; the end is exclusive. */
export interface TimeRange {
  startNs: number
  endNs: number
}

/** Which samples count, and by which clock. */
export interface WeightChoice {
  clock: Clock
  /** Row of the thread table; null: all threads. */
  thread: number | null
  range: TimeRange | null
}

/** By row. `self…`: samples with exactly this stack; `total…`: and those with longer ones. */
export interface Weights {
  clock: Clock
  /** Nanoseconds by the chosen clock. */
  self: Float64Array
  total: Float64Array
  /** Nanoseconds on a CPU; the same arrays as above with the CPU clock. */
  selfCpu: Float64Array
  totalCpu: Float64Array
  /** Observations: what a share's margin rests on. */
  selfTicks: Uint32Array
  totalTicks: Uint32Array
}

/** Everything, by wall time. */
export const WHOLE_RUN: WeightChoice = { clock: 'wall', thread: null, range: null }

export function weigh(rows: StackRows, choice: WeightChoice = WHOLE_RUN): Weights {
  const { samples } = rows.session
  const { ofSample, count } = rows
  const selfCpu = new Float64Array(count)
  const self = choice.clock === 'cpu' ? selfCpu : new Float64Array(count)
  const selfTicks = new Uint32Array(count)
  const from = choice.range?.startNs ?? -Infinity
  const to = choice.range?.endNs ?? Infinity
  for (let sample = 0; sample < ofSample.length; sample++) {
    const row = ofSample[sample]
    const duration = samples.durationNs[sample]
    if (row === NO_ROW) continue
    if (choice.thread !== null && samples.thread[sample] !== choice.thread) continue
    const start = samples.startNs[sample]
    const end = start + duration
    // A sample without duration belongs to the moment it was taken in.
    if (end < from || start >= to || (end === from && duration)) continue
    let spent = duration
    // What a thread did while something was awaited is not that one's.
    let cpu = samples.state[sample] === SampleState.AWAITED ? 0 : samples.cpuNs[sample]
    let ticks = samples.ticks[sample]
    if (start < from || end > to) {
      const part = (Math.min(end, to) - Math.max(start, from)) / duration
      spent = Math.round(duration * part)
      cpu = Math.round(cpu * part)
      ticks = Math.round(ticks * part)
    }
    selfCpu[row] += cpu
    if (self !== selfCpu) self[row] += spent
    selfTicks[row] += ticks
  }
  const totalCpu = addUp(rows.parent, selfCpu)
  return {
    clock: choice.clock,
    self,
    total: self === selfCpu ? totalCpu : addUp(rows.parent, self),
    selfCpu,
    totalCpu,
    selfTicks,
    totalTicks: addUp(rows.parent, selfTicks),
  }
}

/** Totals of rows from what each has itself. */
function addUp<Numbers extends Float64Array | Uint32Array>(
  parent: Uint32Array,
  self: Numbers,
): Numbers {
  const total = self.slice() as Numbers
  // A parent's number is smaller: backwards, a row's total is complete when met.
  for (let row = parent.length - 1; row > 0; row--) total[parent[row]] += total[row]
  return total
}
