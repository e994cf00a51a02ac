// The flame graph from the program's first function upwards in its stacks.
import type { CallPaths, PathTimes } from '../rows/call-paths'
import { ownOf } from '../rows/stretches'
import type { ShownRoot } from '../tree/shown-roots'
import { type FlameFrames, type FlameLayout, arrange, noFrames } from './flame-layout'

/** Frames of less than this share of what is laid out are not: none of them could be seen. */
export const LEAST_SHARE = 1 / 20_000

/** *rank*, by function: the order of siblings of equal length. */
export function topDown(
  paths: CallPaths,
  times: PathTimes,
  roots: readonly ShownRoot[],
  rank: Uint32Array,
  leastShare = LEAST_SHARE,
): FlameLayout {
  const frames = noFrames()
  for (const root of roots) {
    frames.code.push(root.code)
    frames.parent.push(Math.max(0, root.parent))
    frames.total.push(root.totalNs)
    frames.self.push(root.totalNs)
    const { path } = root
    frames.waiting.push(path === null ? 0 : ownOf(paths.stretches, times.waiting, path))
    frames.isCut.push(0)
  }
  roots.forEach((root, frame) => {
    if (frame) frames.self[root.parent] -= root.totalNs
  })
  const leastNs = roots.length ? roots[0].totalNs * leastShare : 0
  roots.forEach((root, frame) => {
    if (root.path !== null) addAbove(frames, frame, root.path, paths, times, leastNs)
  })
  // Threads stay in order, whatever they took.
  return arrange(frames, rank, (frame) => roots.length > 1 && frame === 0)
}

function addAbove(
  frames: FlameFrames,
  rootFrame: number,
  rootPath: number,
  paths: CallPaths,
  { self, total, waiting }: PathTimes,
  leastNs: number,
): void {
  const { end, depth, parent, code } = paths
  const { of, last } = paths.stretches
  const base = depth[rootPath]
  // By depth above the root: the frame that was made there last.
  const open = [rootFrame]
  for (let path = rootPath + 1; path < end[rootPath]; ) {
    const level = depth[path] - base
    const below = open[level - 1]
    const ns = total[of[path]]
    if (parent[path] === rootPath) frames.self[rootFrame] -= ns
    if (ns < leastNs || ns === 0) {
      if (ns) {
        frames.isCut[below] = 1
        frames.waiting[below] += waitingAbove(path, paths, waiting)
      }
      path = end[path]
      continue
    }
    open[level] = frames.code.length
    frames.code.push(code[path])
    frames.parent.push(below)
    frames.total.push(ns)
    const isLast = last[of[path]] === path
    frames.self.push(isLast ? self[of[path]] : 0)
    frames.waiting.push(isLast ? waiting[of[path]] : 0)
    frames.isCut.push(0)
    path++
  }
}

/** Of all time above a path, and its own. */
function waitingAbove(path: number, { end, stretches }: CallPaths, waiting: Float64Array): number {
  let found = 0
  const last = stretches.of[end[path] - 1]
  for (let stretch = stretches.of[path]; stretch <= last; stretch++) found += waiting[stretch]
  return found
}
