// Which frames of a level to draw: those wide enough by themselves, and runs of smaller ones.
import { type Extent, lastAtMost } from '../axis/extent'
import type { FlameLayout } from './flame-layout'

/**
 * Calls *draw* with a range of frames that are drawn as one: a single one of at least *leastNs*,
 * or neighbours that are all shorter. A run of frames never spans a gap of *leastNs*.
 */
export function eachVisible(
  layout: FlameLayout,
  level: number,
  { startNs, endNs }: Extent,
  leastNs: number,
  draw: (first: number, end: number) => void,
): void {
  const { start, total } = layout
  const end = layout.levels[level + 1]
  const first = layout.levels[level]
  let frame = Math.max(first, lastAtMost(start, first, end, startNs))
  if (frame < end && start[frame] + total[frame] <= startNs) frame++
  while (frame < end && start[frame] < endNs) {
    const run = frame
    frame++
    if (total[run] < leastNs) {
      let reached = start[run] + total[run]
      while (
        frame < end &&
        start[frame] < endNs &&
        total[frame] < leastNs &&
        start[frame] - reached < leastNs
      ) {
        reached = start[frame] + total[frame]
        frame++
      }
    }
    draw(run, frame)
  }
}
