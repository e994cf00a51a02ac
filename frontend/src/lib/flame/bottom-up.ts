// The flame graph the other way round: what ran by its own time, and above it who called it.
import type { CallPaths, PathTimes } from '../rows/call-paths'
import { ownOf } from '../rows/stretches'
import type { ShownRoot } from '../tree/shown-roots'
import { LargestFirst } from '../tree/largest-first'
import { type FlameLayout, arrange, noFrames } from './flame-layout'

/** Where there is more, the smallest frames stay without callers. */
export interface BottomUpLimits {
  /** Or as many as the deepest stack has. */
  frames: number
  /** How often a stack is followed to its next caller: what time goes by. */
  steps: number
}

export const LIMITS: BottomUpLimits = { frames: 40_000, steps: 1_000_000 }

const NONE = 0xffffffff

/** *rootCode* is the function that stands for the whole. */
export function bottomUp(
  paths: CallPaths,
  times: PathTimes,
  roots: readonly ShownRoot[],
  rank: Uint32Array,
  rootCode: number,
  limits: BottomUpLimits = LIMITS,
): FlameLayout {
  const frames = noFrames()
  const stacks = stacksWithTime(paths, times, roots)
  // A stack is in one frame at a time, and goes from it to that of its next caller: lists of
  // stacks need one link each, however many frames there are.
  const next = new Uint32Array(stacks.ns.length).fill(NONE)
  const head: number[] = []
  const callerFrame = new Int32Array(rank.length).fill(-1)
  const waiting = new LargestFirst<number>()
  const most = Math.max(limits.frames, deepest(paths) + 1)
  let steps = 0

  const add = (parent: number, code: number): number => {
    frames.code.push(code)
    frames.parent.push(parent)
    frames.total.push(0)
    frames.self.push(0)
    frames.waiting.push(0)
    frames.isCut.push(0)
    return head.push(NONE) - 1
  }
  /** Puts stacks of *frame* into frames above it, by the function that each is at. */
  const spread = (frame: number, first: number): void => {
    const made: number[] = []
    for (let stack = first, after = NONE; stack !== NONE; stack = after) {
      after = next[stack]
      steps++
      const code = stacks.codeAt(stack)
      // The stand-in for the whole has called nobody.
      if (code === null || code === rootCode) {
        frames.self[frame] += stacks.ns[stack]
        frames.waiting[frame] += stacks.waiting[stack]
        continue
      }
      if (callerFrame[code] < 0) made.push((callerFrame[code] = add(frame, code)))
      const own = callerFrame[code]
      frames.total[own] += stacks.ns[stack]
      next[stack] = head[own]
      head[own] = stack
    }
    for (const own of made) {
      callerFrame[frames.code[own]] = -1
      waiting.push(frames.total[own], own)
    }
  }

  if (roots.length === 0) return arrange(frames, rank)
  const root = add(0, rootCode)
  frames.total[root] = roots[0].totalNs
  for (let stack = 0; stack < next.length; stack++) next[stack] = stack + 1
  if (next.length) next[next.length - 1] = NONE
  spread(root, next.length ? 0 : NONE)
  for (let frame = waiting.pop(); frame !== undefined; frame = waiting.pop()) {
    if (frames.code.length >= most || steps >= limits.steps) {
      frames.isCut[frame] = 1
      for (let stack = head[frame]; stack !== NONE; stack = next[stack]) {
        frames.waiting[frame] += stacks.waiting[stack]
      }
      continue
    }
    for (let stack = head[frame]; stack !== NONE; stack = next[stack]) stacks.toCaller(stack)
    spread(frame, head[frame])
  }
  // What a frame has beside its callers is its own: the first function of a stack has no caller.
  return arrange(frames, rank)
}

function deepest({ depth, stretches }: CallPaths): number {
  return stretches.last.reduce((most, path) => Math.max(most, depth[path]), 0)
}

/** Each path with time of its own, at its function; time of a root beside all that is above it
 *  (its own, and what was left out) is a stack too. */
function stacksWithTime(paths: CallPaths, times: PathTimes, roots: readonly ShownRoot[]) {
  const ns: number[] = []
  /** By stack: of its time, not on a CPU. */
  const waiting: number[] = []
  /** By stack: the path it is at; the root's own for the root itself. */
  const at: number[] = []
  /** By stack: its root, and what is left below that once the path is there. */
  const rootOf: number[] = []
  /** By stack: how many functions below its root were reached; -1: still above. */
  const below: number[] = []
  const start = (root: number, path: number, time: number, waitingNs: number) => {
    ns.push(time)
    waiting.push(waitingNs)
    at.push(path)
    rootOf.push(root)
    below.push(path ? -1 : root)
  }
  const left = roots.map((root) => root.totalNs)
  roots.forEach((root, place) => {
    if (place) left[root.parent] -= root.totalNs
  })
  roots.forEach(({ path: base }, root) => {
    if (base !== null) {
      const { of, last } = paths.stretches
      const end = of[paths.end[base] - 1]
      // The root's own stretch ends above it, or is of the root itself.
      for (let stretch = of[base]; stretch <= end; stretch++) {
        const path = last[stretch]
        if (!times.self[stretch] || path === base) continue
        left[root] -= times.self[stretch]
        start(root, path, times.self[stretch], times.waiting[stretch])
      }
    }
    const waitingNs = base === null ? 0 : ownOf(paths.stretches, times.waiting, base)
    if (left[root]) start(root, 0, left[root], waitingNs)
  })
  return {
    ns,
    waiting,
    /** The function that a stack is at; null: below its first. */
    codeAt(stack: number): number | null {
      if (below[stack] === -1) return paths.code[at[stack]]
      const root = below[stack]
      return root === -2 ? null : roots[root].code
    },
    toCaller(stack: number): void {
      if (below[stack] >= 0) {
        const { parent } = roots[below[stack]]
        below[stack] = parent < 0 ? -2 : parent
        return
      }
      at[stack] = paths.parent[at[stack]]
      if (at[stack] === roots[rootOf[stack]].path) below[stack] = rootOf[stack]
    },
  }
}
