// Weighs again and again: what every sample adds is summed once, so that another clock or thread
// costs a copy, and a time range only the samples in it, or those outside where they are fewer.
import { firstAtLeast, samplesByThread } from './samples-by-thread'
import type { StackRows } from './stack-rows'
import {
  type Sums,
  type TimeRange,
  type WeightChoice,
  type Weights,
  addInside,
  byCpu,
  noSums,
  takeOutside,
  totalled,
  weigh,
} from './weights'

/** Samples of one thread by time, and how long the longest is. */
interface Order {
  thread: number
  samples: Uint32Array
  longestNs: number
}

/** Gives what {@link weigh} does. */
export class Weigher {
  readonly #rows: StackRows
  readonly #whole: Weights
  #orders: Order[] | null = null

  constructor(rows: StackRows) {
    this.#rows = rows
    this.#whole = weigh(rows)
  }

  /** Does beforehand what the first choice of a range needs. */
  prepare(): void {
    this.#orders ??= ordersOf(this.#rows)
  }

  /** By time; none where a session is empty, and has no thread. */
  samplesOf(thread: number): Uint32Array {
    this.prepare()
    return this.#orders![thread]?.samples ?? new Uint32Array()
  }

  weigh({ clock, thread, range }: WeightChoice): Weights {
    const isAll = thread === null || this.#rows.lanes.every((lane) => lane.thread === thread)
    const whole = () => (isAll ? this.#whole : this.#only(thread))
    const found = range === null ? whole() : this.#within(range, thread, whole)
    return clock === 'wall' ? found : byCpu(found)
  }

  /** Of a thread, which has a range of rows for itself. */
  #only(thread: number): Weights {
    const lane = this.#rows.lanes.find((one) => one.thread === thread)
    const [from, to] = lane ? [lane.row, this.#rows.end[lane.row]] : [0, 0]
    const cut = <Numbers extends Float64Array | Uint32Array>(whole: Numbers) => {
      const found = whole.slice() as Numbers
      found.fill(0, 0, from).fill(0, to)
      return found
    }
    const whole = this.#whole
    const found: Weights = {
      clock: 'wall',
      self: cut(whole.self),
      total: cut(whole.total),
      selfCpu: cut(whole.selfCpu),
      totalCpu: cut(whole.totalCpu),
      selfTicks: cut(whole.selfTicks),
      totalTicks: cut(whole.totalTicks),
    }
    if (from < to) {
      found.total[0] = found.total[from]
      found.totalCpu[0] = found.totalCpu[from]
      found.totalTicks[0] = found.totalTicks[from]
    }
    return found
  }

  /** *whole* gives the weights without the range. */
  #within(range: TimeRange, thread: number | null, whole: () => Weights): Weights {
    this.prepare()
    const { startNs } = this.#rows.session.samples
    const parts = this.#orders!.filter((order) => thread === null || order.thread === thread).map(
      ({ samples, longestNs }) => {
        const at = (ns: number) => firstAtLeast(startNs, samples, ns)
        const begun = at(range.startNs)
        return {
          touched: samples.subarray(at(range.startNs - longestNs), at(range.endNs)),
          before: samples.subarray(0, begun),
          after: samples.subarray(Math.max(begun, at(range.endNs - longestNs))),
        }
      },
    )
    const touched = parts.reduce((sum, part) => sum + part.touched.length, 0)
    const beside = parts.reduce((sum, { before, after }) => sum + before.length + after.length, 0)
    let sums: Sums
    if (touched <= beside) {
      sums = noSums(this.#rows)
      for (const part of parts) addInside(this.#rows, sums, part.touched, range)
    } else {
      const { self, selfCpu, selfTicks } = whole()
      sums = { self: self.slice(), selfCpu: selfCpu.slice(), selfTicks: selfTicks.slice() }
      for (const { before, after } of parts) {
        takeOutside(this.#rows, sums, before, range)
        takeOutside(this.#rows, sums, after, range)
      }
    }
    return totalled(this.#rows, sums)
  }
}

function ordersOf(rows: StackRows): Order[] {
  const { durationNs } = rows.session.samples
  return samplesByThread(rows).map((samples, thread) => {
    let longestNs = 0
    for (const sample of samples) longestNs = Math.max(longestNs, durationNs[sample])
    return { thread, samples, longestNs }
  })
}
