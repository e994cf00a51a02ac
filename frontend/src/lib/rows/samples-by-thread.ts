// The samples of each thread, in the order of their times.
import type { Session } from '../session/session'

/** By row of the thread table: samples, of those that *counts* holds for. */
export function samplesByThread(
  { samples: { thread }, threads }: Session,
  counts: (sample: number) => boolean = () => true,
): Uint32Array[] {
  const filled = new Uint32Array(threads.name.length)
  for (let sample = 0; sample < thread.length; sample++) {
    if (counts(sample)) filled[thread[sample]]++
  }
  const groups = Array.from(filled, (count) => new Uint32Array(count))
  filled.fill(0)
  for (let sample = 0; sample < thread.length; sample++) {
    if (counts(sample)) groups[thread[sample]][filled[thread[sample]]++] = sample
  }
  return groups
}
