// The flame graph from the program's first function upwards in its stacks.
import type { CallPaths, PathTimes } from '../rows/call-paths'
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
): FlameLayout {
  const frames = noFrames()
  for (const root of roots) {
    frames.code.push(root.code)
    frames.parent.push(Math.max(0, root.parent))
    frames.total.push(root.totalNs)
    frames.self.push(root.totalNs)
    frames.isCut.push(0)
  }
  roots.forEach((root, frame) => {
    if (frame) frames.self[root.parent] -= root.totalNs
  })
  const leastNs = roots.length ? roots[0].totalNs * LEAST_SHARE : 0
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
  { self, total }: PathTimes,
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
      if (ns) frames.isCut[below] = 1
      path = end[path]
      continue
    }
    open[level] = frames.code.length
    frames.code.push(code[path])
    frames.parent.push(below)
    frames.total.push(ns)
    frames.self.push(last[of[path]] === path ? self[of[path]] : 0)
    frames.isCut.push(0)
    path++
  }
}
