// The samples of each thread, in the order of their times.
import { NO_ROW, type StackRows } from './stack-rows'

/** By row of the thread table: samples that have a row. */
export function samplesByThread({ session, ofSample }: StackRows): Uint32Array[] {
  const { thread } = session.samples
  const counts = new Uint32Array(session.threads.name.length)
  for (let sample = 0; sample < thread.length; sample++) {
    if (ofSample[sample] !== NO_ROW) counts[thread[sample]]++
  }
  const groups = Array.from(counts, (count) => new Uint32Array(count))
  counts.fill(0)
  for (let sample = 0; sample < thread.length; sample++) {
    if (ofSample[sample] !== NO_ROW) groups[thread[sample]][counts[thread[sample]]++] = sample
  }
  return groups
}

/** The place of the first of *samples*, which are in order, that starts at *ns* or later. */
export function firstAtLeast(startNs: Float64Array, samples: Uint32Array, ns: number): number {
  let [low, high] = [0, samples.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (startNs[samples[middle]] < ns) low = middle + 1
    else high = middle
  }
  return low
}
