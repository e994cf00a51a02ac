// The level of detail of a lane: what falls into one pixel is one segment, which shows the longest
// sample in it. However many samples there are, a picture has about two segments a pixel.
import { type Extent, lastAtMost } from '../axis/extent'
import type { TimelineLane } from './timeline-lanes'

/**
 * Calls *use* with each segment in view, in order: its times, and the sample that it shows. Bins
 * of *binNs* lie on a grid that does not move with the view, so that panning changes nothing.
 */
export function eachSegment(
  lane: TimelineLane,
  { startNs, endNs }: Extent,
  binNs: number,
  use: (startNs: number, endNs: number, sample: number) => void,
): void {
  const { startNs: starts, endNs: ends } = lane
  const count = starts.length
  // From the first sample of its bin on: a bin that is partly in view shows what it shows whole.
  let sample = Math.max(0, lastAtMost(starts, 0, count, startNs))
  const binStart = count ? Math.floor(starts[sample] / binNs) * binNs : 0
  sample = lastAtMost(starts, 0, sample, binStart - 1e-6) + 1
  while (sample < count && starts[sample] < endNs) {
    const binEnd = (Math.floor(starts[sample] / binNs) + 1) * binNs
    if (ends[sample] >= binEnd) {
      if (ends[sample] > startNs) use(starts[sample], ends[sample], sample)
      sample++
      continue
    }
    let next = lastAtMost(starts, sample, count, binEnd - 1e-6) + 1
    // One that reaches far out of the bin is a segment of its own.
    if (next - 1 > sample && ends[next - 1] > binEnd + binNs) next--
    const end = ends[next - 1]
    if (end > startNs) use(starts[sample], end, lane.longest.among(sample, next))
    sample = next
  }
}
