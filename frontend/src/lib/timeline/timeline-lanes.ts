// A lane for each thread with time: its samples in order, each with its path of functions.
import { type CallPaths } from '../rows/call-paths'
import { NO_ROW, type StackRows } from '../rows/stack-rows'
import { SampleState, type Session, threadTitle } from '../session/session'
import type { ShownRoot } from '../tree/shown-roots'
import { LongestSample } from './longest-sample'

export interface TimelineLane {
  /** Row of the thread table. */
  thread: number
  title: string
  /** Where level 0 is: this depth of paths. */
  baseDepth: number
  /** Levels that any sample reaches. */
  levels: number
  /** By sample, those of this thread with a duration. */
  startNs: Float64Array
  endNs: Float64Array
  /** By sample: its path, never below the root's. */
  path: Uint32Array
  /** By sample, 1: the thread was less on a CPU than off it. */
  isWaiting: Uint8Array
  longest: LongestSample
}

/** In the order of the threads; none for those that *roots* do not have. */
export function timelineLanes(
  rows: StackRows,
  paths: CallPaths,
  roots: readonly ShownRoot[],
): TimelineLane[] {
  const { session } = rows
  const waiting = isWaitingOf(session)
  const samplesOf = samplesByThread(rows)
  const found: TimelineLane[] = []
  for (const { thread, row } of rows.lanes) {
    const code = row ? rows.function[row] : null
    const root = roots.find((one) => one.path !== null && one.thread === code)
    if (root === undefined || root.path === null) continue
    const from = { ...root, path: root.path }
    found.push(laneOf(rows, paths, samplesOf[thread], from, thread, waiting))
  }
  return found
}

function laneOf(
  rows: StackRows,
  paths: CallPaths,
  samples: Uint32Array,
  root: ShownRoot & { path: number },
  thread: number,
  waiting: (sample: number) => boolean,
): TimelineLane {
  const { startNs, durationNs } = rows.session.samples
  const count = samples.length
  const isThread = rows.functions.functions[root.code].isThread
  const lane: TimelineLane = {
    thread,
    title: threadTitle(rows.session, thread),
    baseDepth: paths.depth[root.path] + (isThread ? 1 : 0),
    levels: 0,
    startNs: new Float64Array(count),
    endNs: new Float64Array(count),
    path: new Uint32Array(count),
    isWaiting: new Uint8Array(count),
    longest: new LongestSample(durationsOf(samples, durationNs)),
  }
  const { ofRow, depth, end } = paths
  let deepest = 0
  for (let place = 0; place < count; place++) {
    const sample = samples[place]
    lane.startNs[place] = startNs[sample]
    lane.endNs[place] = startNs[sample] + durationNs[sample]
    const path = ofRow[rows.ofSample[sample]]
    const isAbove = root.path <= path && path < end[root.path]
    lane.path[place] = isAbove ? path : root.path
    lane.isWaiting[place] = waiting(sample) ? 1 : 0
    deepest = Math.max(deepest, depth[lane.path[place]])
  }
  lane.levels = Math.max(0, deepest - lane.baseDepth + 1)
  return lane
}

function durationsOf(samples: Uint32Array, durationNs: Float64Array): Float64Array {
  const found = new Float64Array(samples.length)
  for (let place = 0; place < found.length; place++) found[place] = durationNs[samples[place]]
  return found
}

/** Samples with a duration, by row of the thread table. */
function samplesByThread({ session, ofSample }: StackRows): Uint32Array[] {
  const { thread, durationNs } = session.samples
  const counts = new Uint32Array(session.threads.name.length)
  const counted = (sample: number) => durationNs[sample] > 0 && ofSample[sample] !== NO_ROW
  for (let sample = 0; sample < thread.length; sample++) {
    if (counted(sample)) counts[thread[sample]]++
  }
  const groups = Array.from(counts, (count) => new Uint32Array(count))
  counts.fill(0)
  for (let sample = 0; sample < thread.length; sample++) {
    if (counted(sample)) groups[thread[sample]][counts[thread[sample]]++] = sample
  }
  return groups
}

/** Engines tell by CPU time where they measure it; what is awaited runs elsewhere or not at all. */
function isWaitingOf({ samples, facts }: Session): (sample: number) => boolean {
  const { state, cpuNs, durationNs } = samples
  const hasCpu = facts.cpuClock !== ''
  return (sample) =>
    state[sample] === SampleState.WAITING ||
    state[sample] === SampleState.AWAITED ||
    (hasCpu && cpuNs[sample] * 2 < durationNs[sample])
}
