// Weighs again and again: what every sample adds is summed once, so that another clock or thread
// costs a copy, and a time range only the samples in it, or those outside where they are fewer.
import { type SampleColumns, firstAtLeast, sampleColumns } from './sample-columns'
import type { StackRows } from './stack-rows'
import {
  type TimeRange,
  type WeightChoice,
  type Weights,
  WHOLE_TIME,
  addInside,
  byCpu,
  noSums,
  takeOutside,
  totalled,
} from './weights'

/** Samples of one thread by time. */
interface Order {
  thread: number
  samples: Uint32Array
  columns: SampleColumns
  longestNs: number
}

/** Gives what `weigh` does. */
export class Weigher {
  readonly #rows: StackRows
  readonly #orders: Order[]
  readonly #whole: Weights

  constructor(rows: StackRows) {
    this.#rows = rows
    this.#orders = ordersOf(rows)
    const sums = noSums(rows)
    for (const { columns, samples } of this.#orders) {
      addInside(sums, { columns, from: 0, end: samples.length }, WHOLE_TIME)
    }
    this.#whole = totalled(rows, sums)
  }

  /** By time; none where a session is empty, and has no thread. */
  samplesOf(thread: number): Uint32Array {
    return this.#orders[thread]?.samples ?? new Uint32Array()
  }

  weigh({ clock, thread, range }: WeightChoice): Weights {
    const isAll = thread === null || this.#rows.lanes.every((lane) => lane.thread === thread)
    const whole = () => (isAll ? this.#whole : this.#only(thread))
    const found = range === null ? whole() : this.#within(range, thread, whole)
    return clock === 'wall' ? found : byCpu(found)
  }

  /** Of a thread, which has a range of rows for itself, and so of stretches. */
  #only(thread: number): Weights {
    const lane = this.#rows.lanes.find((one) => one.thread === thread)
    const { of } = this.#rows.stretches
    const [from, to] = lane ? [of[lane.row], of[this.#rows.end[lane.row] - 1] + 1] : [0, 0]
    const cut = <Numbers extends Float64Array | Uint32Array>(whole: Numbers): Numbers => {
      const found = (
        whole instanceof Float64Array
          ? new Float64Array(whole.length)
          : new Uint32Array(whole.length)
      ) as Numbers
      found.set(whole.subarray(from, to), from)
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
    const parts = this.#orders
      .filter((order) => thread === null || order.thread === thread)
      .map(({ columns, longestNs }) => {
        const begun = firstAtLeast(columns, range.startNs)
        const end = firstAtLeast(columns, range.endNs)
        return {
          columns,
          // Between them is all that is in the range, even in part.
          from: firstAtLeast(columns, range.startNs - longestNs),
          end,
          // Between them is nothing but what is in the range as a whole.
          begun,
          ending: Math.max(begun, firstAtLeast(columns, range.endNs - longestNs)),
          count: columns.stretch.length,
        }
      })
    const inside = parts.reduce((sum, { from, end }) => sum + end - from, 0)
    const beside = parts.reduce((sum, { begun, ending, count }) => sum + begun + count - ending, 0)
    const sums = noSums(this.#rows)
    if (inside <= beside) {
      for (const part of parts) addInside(sums, part, range)
      return totalled(this.#rows, sums)
    }
    const { self, selfCpu, selfTicks } = whole()
    sums.self.set(self)
    sums.selfCpu.set(selfCpu)
    sums.selfTicks.set(selfTicks)
    for (const { columns, begun, ending, count } of parts) {
      takeOutside(sums, { columns, from: 0, end: begun }, range)
      takeOutside(sums, { columns, from: ending, end: count }, range)
    }
    return totalled(this.#rows, sums)
  }
}

function ordersOf(rows: StackRows): Order[] {
  return sampleColumns(rows).map(({ samples, columns }, thread) => {
    const longestNs = columns.durationNs.reduce((most, ns) => Math.max(most, ns), 0)
    return { thread, samples, columns, longestNs }
  })
}
