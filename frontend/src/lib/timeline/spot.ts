// One place of the timeline, and the way from it to its neighbours.
import type { CallPaths } from '../rows/call-paths'
import { lastAtMost } from '../axis/extent'
import { type Span, pathAt, sampleAt, spanAround } from './spans'
import type { TimelineLane } from './timeline-lanes'

export interface Spot {
  lane: TimelineLane
  /** Place in the lane's samples. */
  sample: number
  level: number
}

export type Step = 'up' | 'down' | 'before' | 'after'

/** What is drawn at a moment: where samples are narrower than *binNs*, the one that stands for
 *  them. null where there is nothing. */
export function spotAt(
  lane: TimelineLane,
  paths: CallPaths,
  ns: number,
  level: number,
  binNs: number,
): Spot | null {
  let sample = sampleAt(lane, ns)
  if (sample < 0 || lane.endNs[sample] - lane.startNs[sample] < binNs) {
    const from = Math.floor(ns / binNs) * binNs
    const count = lane.startNs.length
    const first = lastAtMost(lane.startNs, 0, count, from - 1e-6) + 1
    const end = lastAtMost(lane.startNs, first, count, from + binNs - 1e-6) + 1
    if (first < end) sample = lane.longest.among(first, end)
  }
  return pathAt(lane, paths, sample, level) === null ? null : { lane, sample, level }
}

/** The span that a spot is in. Gaps shorter than *binNs* are not seen. */
export function spanOf({ lane, sample, level }: Spot, paths: CallPaths, binNs: number): Span {
  return (
    spanAround(lane, paths, sample, level, binNs) ?? { startNs: 0, endNs: 0, level, path: 0 }
  )
}

/** One step with the keyboard, from nowhere to what is at *ns*; the spot itself at an edge. */
export function stepped(
  from: Spot | null,
  to: Step,
  lanes: readonly TimelineLane[],
  paths: CallPaths,
  ns: number,
  binNs: number,
): Spot | null {
  if (from === null || !lanes.includes(from.lane)) return firstSpot(lanes, paths, ns)
  const { lane, sample, level } = from
  if (to === 'up' || to === 'down') {
    const next = level + (to === 'up' ? -1 : 1)
    if (pathAt(lane, paths, sample, next) !== null) return { lane, sample, level: next }
    const other = lanes[lanes.indexOf(lane) + (to === 'up' ? -1 : 1)]
    return (other && firstSpot([other], paths, lane.startNs[sample])) ?? from
  }
  const span = spanOf(from, paths, binNs)
  const by = to === 'after' ? 1 : -1
  const edge = to === 'after' ? span.endNs : span.startNs
  // The first sample beyond the span that reaches this level.
  let next = lastAtMost(lane.startNs, 0, lane.startNs.length, edge)
  if (to === 'before') next = lastAtMost(lane.startNs, 0, lane.startNs.length, edge - 1e-6)
  for (; next >= 0 && next < lane.startNs.length; next += by) {
    const isOut = lane.startNs[next] >= span.endNs || lane.endNs[next] <= span.startNs
    if (isOut && pathAt(lane, paths, next, level) !== null) return { lane, sample: next, level }
  }
  return from
}

/** The lowest level at a moment, or at the next one with anything. */
function firstSpot(lanes: readonly TimelineLane[], paths: CallPaths, ns: number): Spot | null {
  for (const lane of lanes) {
    const count = lane.startNs.length
    const nearest = Math.max(0, lastAtMost(lane.startNs, 0, count, ns))
    if (count && pathAt(lane, paths, nearest, 0) !== null) {
      return { lane, sample: nearest, level: 0 }
    }
  }
  return null
}
