// How much of the chosen time each stretch of rows has: one pass over samples, one backwards over
// stretches. Everything that views show is computed from weights, not from samples.
import { type SampleColumns, sampleColumns } from './sample-columns'
import type { StackRows } from './stack-rows'

export type Clock = 'wall' | 'cpu'

/** Nanoseconds since the recording started; the end is exclusive. */
export interface TimeRange {
  startNs: number
  endNs: number
}

export const WHOLE_TIME: TimeRange = { startNs: -Infinity, endNs: Infinity }

/** Which samples count, and by which clock. */
export interface WeightChoice {
  clock: Clock
  /** Row of the thread table; null: all threads. */
  thread: number | null
  range: TimeRange | null
}

/** By stretch of rows. `self…`: samples with exactly the stack of its last row; `total…`: and
 *  those with longer ones, which each of its rows has alike. */
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

/** What stretches have themselves, by wall time. */
export type Sums = Pick<Weights, 'self' | 'selfCpu' | 'selfTicks'>

/** Samples of one thread, by their places in order of time; the end is exclusive. */
export interface SampleSlice {
  columns: SampleColumns
  from: number
  end: number
}

/** One pass over all samples. `Weigher` gives the same, sooner the second time. */
export function weigh(rows: StackRows, choice: WeightChoice = WHOLE_RUN): Weights {
  const range = choice.range ?? WHOLE_TIME
  const sums = noSums(rows)
  sampleColumns(rows).forEach(({ samples, columns }, thread) => {
    if (choice.thread !== null && thread !== choice.thread) return
    addInside(sums, { columns, from: 0, end: samples.length }, range)
  })
  const found = totalled(rows, sums)
  return choice.clock === 'wall' ? found : byCpu(found)
}

/** The same with CPU time in the place of wall time. */
export function byCpu(weights: Weights): Weights {
  return { ...weights, clock: 'cpu', self: weights.selfCpu, total: weights.totalCpu }
}

export function noSums({ stretches: { count } }: StackRows): Sums {
  return {
    self: new Float64Array(count),
    selfCpu: new Float64Array(count),
    selfTicks: new Uint32Array(count),
  }
}

/** Adds what samples have within a range. */
export function addInside(sums: Sums, samples: SampleSlice, range: TimeRange): void {
  addParts(sums, samples, range, 0)
}

/** Takes away what samples have beside a range: what is left is what is within. */
export function takeOutside(sums: Sums, samples: SampleSlice, range: TimeRange): void {
  addParts(sums, samples, range, 1)
}

/** Adds what is within, less *taken* times the whole. */
function addParts(sums: Sums, samples: SampleSlice, range: TimeRange, taken: 0 | 1): void {
  const { self, selfCpu, selfTicks } = sums
  const { startNs, durationNs, cpuNs, ticks, stretch } = samples.columns
  for (let sample = samples.from; sample < samples.end; sample++) {
    const part = partInside(startNs[sample], durationNs[sample], range)
    if (part === taken) continue
    const own = stretch[sample]
    self[own] += share(durationNs[sample], part) - taken * durationNs[sample]
    selfCpu[own] += share(cpuNs[sample], part) - taken * cpuNs[sample]
    selfTicks[own] += share(ticks[sample], part) - taken * ticks[sample]
  }
}

/** Of a sample, from 0 to 1. */
function partInside(startNs: number, durationNs: number, range: TimeRange): number {
  const endNs = startNs + durationNs
  // A sample without duration belongs to the moment it was taken in.
  if (endNs < range.startNs || startNs >= range.endNs) return 0
  if (endNs === range.startNs && durationNs) return 0
  if (startNs >= range.startNs && endNs <= range.endNs) return 1
  return (Math.min(endNs, range.endNs) - Math.max(startNs, range.startNs)) / durationNs
}

function share(amount: number, part: number): number {
  return part === 1 ? amount : Math.round(amount * part)
}

/** Stretches with all that is above them. */
export function totalled({ stretches: { parent } }: StackRows, sums: Sums): Weights {
  return {
    clock: 'wall',
    ...sums,
    total: addUp(parent, sums.self),
    totalCpu: addUp(parent, sums.selfCpu),
    totalTicks: addUp(parent, sums.selfTicks),
  }
}

/** Totals from what each stretch has itself. */
function addUp<Numbers extends Float64Array | Uint32Array>(
  parent: Uint32Array,
  self: Numbers,
): Numbers {
  const total = self.slice() as Numbers
  // A parent's number is smaller: backwards, a total is complete when met.
  for (let place = parent.length - 1; place > 0; place--) total[parent[place]] += total[place]
  return total
}
