// A flame graph laid out: frames by level and, in a level, from left to right; typed columns.
import { type Extent, lastAtMost } from '../axis/extent'

/** Frames that called others lie one level below (with a smaller number) and around them. */
export interface FlameLayout {
  count: number
  /** By level: its first frame; one more at the end. */
  levels: Uint32Array
  /** Id of the function. */
  code: Uint32Array
  parent: Uint32Array
  /** Nanoseconds from the left edge. */
  start: Float64Array
  total: Float64Array
  self: Float64Array
  /** Not on a CPU, of its own time and that of frames above it which are not laid out. */
  waiting: Float64Array
  /** 1: some frames above it are too small to be laid out. */
  isCut: Uint8Array
  /** Nanoseconds from edge to edge. */
  wholeNs: number
}

/** Frames in any order, parents first; frame 0 is the only one without a parent. */
export interface FlameFrames {
  code: number[]
  parent: number[]
  total: number[]
  self: number[]
  waiting: number[]
  isCut: number[]
}

export function noFrames(): FlameFrames {
  return { code: [], parent: [], total: [], self: [], waiting: [], isCut: [] }
}

export const NO_FRAME = -1

/** Siblings are put longest first, then by *rank* of their functions; *fixed*: as they come. */
export function arrange(
  frames: FlameFrames,
  rank: Uint32Array,
  fixed: (parent: number) => boolean = () => false,
): FlameLayout {
  const count = frames.code.length
  const firstChild = new Uint32Array(count + 1)
  for (let frame = 1; frame < count; frame++) firstChild[frames.parent[frame] + 1]++
  for (let frame = 0; frame < count; frame++) firstChild[frame + 1] += firstChild[frame]
  const children = new Uint32Array(Math.max(0, count - 1))
  const filled = firstChild.slice()
  for (let frame = 1; frame < count; frame++) children[filled[frames.parent[frame]]++] = frame
  const longestFirst = (a: number, b: number) =>
    frames.total[b] - frames.total[a] || rank[frames.code[a]] - rank[frames.code[b]]

  const layout: FlameLayout = {
    count,
    levels: new Uint32Array(),
    code: new Uint32Array(count),
    parent: new Uint32Array(count),
    start: new Float64Array(count),
    total: new Float64Array(count),
    self: new Float64Array(count),
    waiting: new Float64Array(count),
    isCut: new Uint8Array(count),
    wholeNs: count ? frames.total[0] : 0,
  }
  // Frames in the order of their places: a queue, so that levels come one after the other.
  const order = new Uint32Array(count)
  const levels = [0]
  let placed = count ? 1 : 0
  for (let place = 0; place < placed; place++) {
    if (place === levels[levels.length - 1]) levels.push(placed)
    const frame = order[place]
    layout.code[place] = frames.code[frame]
    layout.total[place] = frames.total[frame]
    layout.self[place] = frames.self[frame]
    layout.waiting[place] = frames.waiting[frame]
    layout.isCut[place] = frames.isCut[frame]
    const own = children.subarray(firstChild[frame], firstChild[frame + 1])
    if (own.length > 1 && !fixed(frame)) sort(own, longestFirst)
    let start = layout.start[place]
    for (const child of own) {
      order[placed] = child
      layout.parent[placed] = place
      layout.start[placed] = start
      start += frames.total[child]
      placed++
    }
  }
  layout.levels = Uint32Array.from(levels)
  return layout
}

/** By insertion where there is little: a call of the built-in sort costs more than that. */
function sort(values: Uint32Array, compare: (a: number, b: number) => number): void {
  if (values.length > 12) {
    values.sort(compare)
    return
  }
  for (let place = 1; place < values.length; place++) {
    const value = values[place]
    let free = place
    for (; free > 0 && compare(values[free - 1], value) > 0; free--) values[free] = values[free - 1]
    values[free] = value
  }
}

/** Levels that have frames. */
export function levelCount(layout: FlameLayout): number {
  return Math.max(0, layout.levels.length - 1)
}

export function levelOf(layout: FlameLayout, frame: number): number {
  return lastAtMost(layout.levels, 0, layout.levels.length, frame)
}

/** The frame of *level* at *ns* from the left edge, or {@link NO_FRAME}. */
export function frameAt(layout: FlameLayout, level: number, ns: number): number {
  if (level < 0 || level >= levelCount(layout)) return NO_FRAME
  const first = layout.levels[level]
  const frame = lastAtMost(layout.start, first, layout.levels[level + 1], ns)
  return frame >= first && ns < layout.start[frame] + layout.total[frame] ? frame : NO_FRAME
}

/** The frames right above *frame*, as a range of numbers. */
export function calleesOf(layout: FlameLayout, frame: number): [number, number] {
  const level = levelOf(layout, frame) + 1
  if (level >= levelCount(layout)) return [0, 0]
  const [from, to] = [layout.levels[level], layout.levels[level + 1]]
  // In a level, parents' numbers grow.
  return [
    lastAtMost(layout.parent, from, to, frame - 1) + 1,
    lastAtMost(layout.parent, from, to, frame) + 1,
  ]
}

/** Ids of the functions from the first frame to this one. */
export function pathOfFrame(layout: FlameLayout, frame: number): number[] {
  const found = [layout.code[frame]]
  while (frame) {
    frame = layout.parent[frame]
    found.push(layout.code[frame])
  }
  return found.reverse()
}

/** The frame that a path of functions leads to, or the last one on the way there; functions that
 *  the path has before the first frame's do not matter. */
export function frameOfPath(layout: FlameLayout, path: readonly number[]): number {
  let place = layout.count ? path.indexOf(layout.code[0]) : -1
  if (place < 0) return NO_FRAME
  let frame = 0
  for (place++; place < path.length; place++) {
    const [from, to] = calleesOf(layout, frame)
    const next = layout.code.subarray(from, to).indexOf(path[place])
    if (next < 0) break
    frame = from + next
  }
  return frame
}

/** By frame: what it waited, itself and in all that is above it. */
export function waitingTotals({ count, parent, waiting }: FlameLayout): Float64Array {
  const found = waiting.slice()
  for (let frame = count - 1; frame > 0; frame--) found[parent[frame]] += found[frame]
  return found
}

/** From where to where a frame goes. */
export function extentOf({ start, total }: FlameLayout, frame: number): Extent {
  return { startNs: start[frame], endNs: start[frame] + total[frame] }
}

/** The highest frame that all of *view* lies in; {@link NO_FRAME} where there is none. */
export function coveringFrame(layout: FlameLayout, view: Extent): number {
  let found = NO_FRAME
  for (let level = 0; ; level++) {
    const frame = frameAt(layout, level, view.startNs)
    if (frame < 0 || layout.start[frame] + layout.total[frame] < view.endNs) return found
    found = frame
  }
}
