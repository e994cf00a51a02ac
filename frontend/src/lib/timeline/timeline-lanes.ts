// A lane for each thread with time: its samples in order, each with its path of functions.
import { type CallPaths } from '../rows/call-paths'
import type { StackRows } from '../rows/stack-rows'
import { threadTitle } from '../session/session'
import type { ShownRoot } from '../tree/shown-roots'
import type { LaneSamples } from './lane-samples'

export interface TimelineLane extends LaneSamples {
  /** Row of the thread table. */
  thread: number
  title: string
  /** Where level 0 is: this depth of paths. */
  baseDepth: number
  /** Levels that any sample reaches. */
  levels: number
  /** The path of a sample, never below the root's. */
  pathOf(sample: number): number
}

/** In the order of the threads; none for those that *roots* do not have, nor for those whose
 *  samples are not there yet. */
export function timelineLanes(
  rows: StackRows,
  paths: CallPaths,
  roots: readonly ShownRoot[],
  samplesOf: (thread: number) => LaneSamples | null,
): TimelineLane[] {
  const found: TimelineLane[] = []
  for (const { thread, row } of rows.lanes) {
    const code = row ? rows.function[row] : null
    const root = roots.find((one) => one.path !== null && one.thread === code)
    const samples = root && samplesOf(thread)
    if (!samples || root.path === null) continue
    found.push(laneOf(rows, paths, samples, root.code, root.path, thread))
  }
  return found
}

function laneOf(
  rows: StackRows,
  paths: CallPaths,
  samples: LaneSamples,
  rootCode: number,
  rootPath: number,
  thread: number,
): TimelineLane {
  const { ofRow, depth, end } = paths
  const pathOfRow = (row: number) => {
    const path = ofRow[row]
    return rootPath <= path && path < end[rootPath] ? path : rootPath
  }
  const isThread = rows.functions.functions[rootCode].isThread
  const baseDepth = depth[rootPath] + (isThread ? 1 : 0)
  let deepest = 0
  for (const row of samples.rows) deepest = Math.max(deepest, depth[pathOfRow(row)])
  return {
    ...samples,
    thread,
    title: threadTitle(rows.session, thread),
    baseDepth,
    levels: Math.max(0, deepest - baseDepth + 1),
    pathOf: (sample) => pathOfRow(samples.row[sample]),
  }
}
