// Spans of a lane: how long each call lasted, as far as samples tell: as long as samples that
// follow each other have it in the same place.
import { type CallPaths, pathAtDepth } from '../rows/call-paths'
import { type Extent, lastAtMost } from '../axis/extent'
import { eachSegment } from './segments'
import type { TimelineLane } from './timeline-lanes'

export interface Span {
  startNs: number
  endNs: number
  level: number
  path: number
}

/** Levels of a lane, the end exclusive. */
export interface Levels {
  from: number
  to: number
}

/** Spans in view, in the order of their ends. What is shorter than *binNs*, gaps too, may not be
 *  seen. */
export function eachSpan(
  lane: TimelineLane,
  paths: CallPaths,
  extent: Extent,
  binNs: number,
  levels: Levels,
  draw: (startNs: number, endNs: number, level: number, path: number) => void,
): void {
  const { baseDepth } = lane
  const from = levels.from
  const top = Math.min(levels.to, lane.levels) - 1
  if (top < from) return
  const openPath = new Uint32Array(top + 1 - from)
  const openStart = new Float64Array(top + 1 - from)
  const chain = new Uint32Array(top + 1 - from)
  let open = 0
  let reached = 0
  const close = (least: number) => {
    for (; open > least; open--) {
      draw(openStart[open - 1], reached, from + open - 1, openPath[open - 1])
    }
  }
  eachSegment(lane, extent, binNs, (startNs, endNs, sample) => {
    if (startNs - reached > binNs) close(0)
    const depth = Math.min(paths.depth[lane.pathOf(sample)], baseDepth + top)
    const own = depth - baseDepth - from + 1
    if (own > 0) {
      let path = pathAtDepth(paths, lane.pathOf(sample), depth)
      for (let place = own - 1; place >= 0; place--) {
        chain[place] = path
        path = paths.parent[path]
      }
    }
    let common = 0
    while (common < own && common < open && chain[common] === openPath[common]) common++
    close(common)
    for (; open < own; open++) {
      openPath[open] = chain[open]
      openStart[open] = startNs
    }
    reached = endNs
  })
  close(0)
}

/** Calls *draw* with each stretch in view in which the thread waited, and how many levels its
 *  stack has. */
export function eachWait(
  lane: TimelineLane,
  paths: CallPaths,
  extent: Extent,
  binNs: number,
  draw: (startNs: number, endNs: number, levels: number) => void,
): void {
  let [start, reached, open] = [0, 0, 0]
  eachSegment(lane, extent, binNs, (startNs, endNs, sample) => {
    const depth = Math.max(0, paths.depth[lane.pathOf(sample)] - lane.baseDepth + 1)
    const levels = lane.isWaiting[sample] ? depth : 0
    if (levels !== open || startNs - reached > binNs) {
      if (open) draw(start, reached, open)
      start = startNs
      open = levels
    }
    reached = endNs
  })
  if (open) draw(start, reached, open)
}

/** The sample of a lane at a time; -1 in a gap. */
export function sampleAt(lane: TimelineLane, ns: number): number {
  const sample = lastAtMost(lane.startNs, 0, lane.startNs.length, ns)
  return sample >= 0 && ns < lane.endNs[sample] ? sample : -1
}

/** The path of a lane at a time and level; null where there is none. */
export function pathAt(
  lane: TimelineLane,
  paths: CallPaths,
  sample: number,
  level: number,
): number | null {
  if (sample < 0 || level < 0) return null
  const depth = lane.baseDepth + level
  const path = lane.pathOf(sample)
  return depth <= paths.depth[path] ? pathAtDepth(paths, path, depth) : null
}

/** The whole span that a sample has at a level, from the samples themselves: gaps of more than
 *  *gapNs* end it. */
export function spanAround(
  lane: TimelineLane,
  paths: CallPaths,
  sample: number,
  level: number,
  gapNs: number,
): Span | null {
  const path = pathAt(lane, paths, sample, level)
  if (path === null) return null
  const { startNs, endNs } = lane
  const end = paths.end[path]
  const isIn = (other: number) => path <= lane.pathOf(other) && lane.pathOf(other) < end
  let first = sample
  while (first > 0 && isIn(first - 1) && startNs[first] - endNs[first - 1] <= gapNs) first--
  let last = sample
  while (
    last + 1 < startNs.length &&
    isIn(last + 1) &&
    startNs[last + 1] - endNs[last] <= gapNs
  ) {
    last++
  }
  return { startNs: startNs[first], endNs: endNs[last], level, path }
}
