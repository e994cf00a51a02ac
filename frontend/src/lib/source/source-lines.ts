// Time by line of a file, with the source text that travelled with the report.
import type { ProfiledFunction } from '../code/profiled-function'
import { remembered } from '../remembered'
import { rowsByKey } from '../rows/rows-by-key'
import { NO_LOCATION, type StackRows } from '../rows/stack-rows'
import { ownOf } from '../rows/stretches'
import type { Weights } from '../rows/weights'

export interface SourceLine {
  line: number
  /** null: it did not travel. */
  text: string | null
  selfNs: number
  /** The line ran, or something it called; recursion counts once. */
  totalNs: number
  ticks: number
  /** The function with most time at the line; null where nothing ran. */
  code: ProfiledFunction | null
  /** Lines are missing before this one. */
  isAfterGap: boolean
}

/** The lines of a file that ran or that travelled, in order. */
export function sourceLines(rows: StackRows, weights: Weights, file: string): SourceLine[] {
  const texts = rows.session.sources.get(file)
  const found = linesThatRan(rows, weights, file)
  const numbers = new Set<number>(texts?.keys())
  for (const [line, { totalNs }] of found) if (totalNs && line) numbers.add(line)
  const lines: SourceLine[] = []
  for (const line of [...numbers].sort((a, b) => a - b)) {
    const { selfNs = 0, totalNs = 0, ticks = 0, code = null } = found.get(line) ?? {}
    const isAfterGap = line > (lines.at(-1)?.line ?? 0) + 1
    lines.push({ line, text: texts?.get(line) ?? null, selfNs, totalNs, ticks, code, isAfterGap })
  }
  return lines
}

interface LineThatRan {
  selfNs: number
  totalNs: number
  ticks: number
  /** The function with most time at it: a line of nested functions has several. */
  code: ProfiledFunction
  codeNs: number
}

function linesThatRan(rows: StackRows, weights: Weights, file: string): Map<number, LineThatRan> {
  const { line: lineOf } = rows.session.locations
  const { functions } = rows.functions
  const { of } = rows.stretches
  const found = new Map<number, LineThatRan>()
  // By line: one after the last row above the outermost one at it, in preorder.
  const openUntil = new Map<number, number>()
  for (const row of rowsOfFile(rows, file)) {
    const totalNs = weights.total[of[row]]
    const ticks = weights.totalTicks[of[row]]
    if (!totalNs && !ticks) continue
    const line = lineOf[rows.location[row]]
    const code = functions[rows.function[row]]
    let times = found.get(line)
    if (times === undefined) {
      found.set(line, (times = { selfNs: 0, totalNs: 0, ticks: 0, code, codeNs: totalNs }))
    } else if (totalNs > times.codeNs) {
      times.code = code
      times.codeNs = totalNs
    }
    times.selfNs += ownOf(rows.stretches, weights.self, row)
    if ((openUntil.get(line) ?? 0) > row) continue
    openUntil.set(line, rows.end[row])
    times.totalNs += totalNs
    times.ticks += ticks
  }
  return found
}

/** In preorder. */
const rowsOfFile = remembered((rows: StackRows, file: string): Uint32Array => {
  const own = rows.functions.functions.filter((code) => code.file === file)
  const found = own.map(({ id }) => rowsByKey(rows.function).of(id))
  const all = new Uint32Array(found.reduce((sum, { length }) => sum + length, 0))
  let filled = 0
  for (const some of found) {
    all.set(some, filled)
    filled += some.length
  }
  return all.filter((row) => rows.location[row] !== NO_LOCATION).sort()
})
