// Where trees begin: beneath the frames that were there before the profile started, one a thread.
import { type ProfiledFunction, ROOT } from '../code/profiled-function'
import type { Lane, StackRows } from '../rows/stack-rows'
import { ownOf } from '../rows/stretches'
import type { Weights } from '../rows/weights'

/** The root of one thread's tree in terms of stack rows. */
export interface TreeRoot {
  code: ProfiledFunction
  /** What the root's children are above. */
  rows: readonly number[]
  /** What the root itself stands for: a thread stays one, also where its stem is left out. */
  ownRows: readonly number[]
}

/**
 * The root of each thread with time. Where there is one thread, it is the function that all time
 * is above, `[root]` where there are several; else it is the thread. The frames below the one
 * that started the profile are left out, as long as all time of that thread is above them.
 */
export function findRoots(rows: StackRows, weights: Weights): TreeRoot[] {
  return rows.lanes
    .filter((lane) => weights.total[rows.stretches.of[lane.row]])
    .map((lane) => findRoot(rows, weights, lane))
}

function findRoot(rows: StackRows, weights: Weights, lane: Lane): TreeRoot {
  const stem = lane.thread === 0 ? stemFunctions(rows) : []
  let below = [lane.row]
  let above = [lane.row]
  let found: number | null = null
  for (let depth = 0; ; depth++) {
    const next = onlyFunctionAbove(rows, weights, above)
    if (next === null) break
    // The function at this depth was there before the start, and did not start it.
    const isStem: boolean = depth < stem.length && stem[depth - 1] === found
    if (found !== null && !isStem) break
    below = above
    above = next
    found = rows.function[next[0]]
  }
  const { functions, root } = rows.functions
  const thread = functions[rows.function[lane.row]]
  if (lane.row) return { code: thread, rows: below, ownRows: [lane.row] }
  if (found === null) return { code: root, rows: [0], ownRows: [0] }
  return { code: functions[found], rows: above, ownRows: above }
}

/** Whether own time of this function is shown as a `[self]` leaf; `[await]` and its like are leaves
 *  themselves. */
export function takesSelfLeaf(code: ProfiledFunction): boolean {
  return !code.isSynthetic || code.isThread || code.name === ROOT
}

function stemFunctions({ session, functions }: StackRows): number[] {
  const found: number[] = []
  for (let stack = session.facts.stem; stack; stack = session.stacks.parent[stack]) {
    found.push(functions.ofLocation[session.stacks.location[stack]])
  }
  return found.reverse()
}

/** The rows of the one function that all time of *below* is above; null where there is none. */
function onlyFunctionAbove(rows: StackRows, weights: Weights, below: number[]): number[] | null {
  const found: number[] = []
  for (const row of below) {
    if (ownOf(rows.stretches, weights.self, row)) return null
    for (let child = row + 1; child < rows.end[row]; child = rows.end[child]) {
      if (!weights.total[rows.stretches.of[child]]) continue
      if (found.length && rows.function[child] !== rows.function[found[0]]) return null
      found.push(child)
    }
  }
  return found.length ? found : null
}
