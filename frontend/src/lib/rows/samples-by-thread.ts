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
