// What weights are made of: the samples of each thread, side by side in memory.
import { SampleState } from '../session/session'
import { samplesByThread } from './samples-by-thread'
import { NO_ROW, type StackRows } from './stack-rows'

/** By sample, in the order of their times. */
export interface SampleColumns {
  startNs: Float64Array
  durationNs: Float64Array
  /** What a thread did while something was awaited is not that one's. */
  cpuNs: Float64Array
  ticks: Uint32Array
  /** Of its row. */
  stretch: Uint32Array
}

/** By row of the thread table: its samples that have a row. */
export function sampleColumns(
  rows: StackRows,
): { samples: Uint32Array; columns: SampleColumns }[] {
  const { session, ofSample } = rows
  const byThread = samplesByThread(session, (sample) => ofSample[sample] !== NO_ROW)
  return byThread.map((samples) => ({ samples, columns: columnsOf(rows, samples) }))
}

function columnsOf(rows: StackRows, chosen: Uint32Array): SampleColumns {
  const { session, ofSample, stretches } = rows
  const { startNs, durationNs, cpuNs, ticks, state } = session.samples
  const found: SampleColumns = {
    startNs: new Float64Array(chosen.length),
    durationNs: new Float64Array(chosen.length),
    cpuNs: new Float64Array(chosen.length),
    ticks: new Uint32Array(chosen.length),
    stretch: new Uint32Array(chosen.length),
  }
  for (let place = 0; place < chosen.length; place++) {
    const sample = chosen[place]
    found.startNs[place] = startNs[sample]
    found.durationNs[place] = durationNs[sample]
    found.cpuNs[place] = state[sample] === SampleState.AWAITED ? 0 : cpuNs[sample]
    found.ticks[place] = ticks[sample]
    found.stretch[place] = stretches.of[ofSample[sample]]
  }
  return found
}

/** The place of the first sample that starts at *ns* or later. */
export function firstAtLeast({ startNs }: SampleColumns, ns: number): number {
  let [low, high] = [0, startNs.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (startNs[middle] < ns) low = middle + 1
    else high = middle
  }
  return low
}
