// What a timeline needs of a thread's samples, whatever is chosen to be shown. It takes long where
// there are many, so it is made step by step.
import type { StackRows } from '../rows/stack-rows'
import { SampleState } from '../session/session'
import { LongestSample } from './longest-sample'

/** By sample, those with a duration, in order. */
export interface LaneSamples {
  startNs: Float64Array
  endNs: Float64Array
  row: Uint32Array
  /** 1: the thread was less on a CPU than off it. */
  isWaiting: Uint8Array
  longest: LongestSample
  /** The rows that there are. */
  rows: Uint32Array
}

/** So many between steps: some milliseconds. */
const STEP = 1 << 16

/** Yields now and then; *all* are the samples of one thread by time. */
export function* laneSamples(
  { session, ofSample, count: rowCount }: StackRows,
  all: Uint32Array,
): Generator<void, LaneSamples> {
  const { startNs, durationNs, cpuNs, state } = session.samples
  const hasCpu = session.facts.cpuClock !== ''
  const samples = all.filter((sample) => durationNs[sample] > 0)
  const count = samples.length
  const found = {
    startNs: new Float64Array(count),
    endNs: new Float64Array(count),
    row: new Uint32Array(count),
    isWaiting: new Uint8Array(count),
  }
  const durations = new Float64Array(count)
  const isSeen = new Uint8Array(rowCount)
  for (let place = 0; place < count; place++) {
    if (place % STEP === STEP - 1) yield
    const sample = samples[place]
    const duration = durationNs[sample]
    // Engines tell by CPU time where they measure it; what is awaited runs elsewhere or not at all.
    const isWaiting =
      state[sample] === SampleState.WAITING ||
      state[sample] === SampleState.AWAITED ||
      (hasCpu && cpuNs[sample] * 2 < duration)
    found.startNs[place] = startNs[sample]
    found.endNs[place] = startNs[sample] + duration
    found.row[place] = ofSample[sample]
    found.isWaiting[place] = isWaiting ? 1 : 0
    durations[place] = duration
    isSeen[ofSample[sample]] = 1
  }
  yield
  const longest = new LongestSample(durations)
  yield
  const rows: number[] = []
  for (let row = 0; row < rowCount; row++) if (isSeen[row]) rows.push(row)
  return { ...found, longest, rows: Uint32Array.from(rows) }
}
