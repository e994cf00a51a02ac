// Time by file and by line, with the source text that travelled with the report.
import type { ProfiledFunction } from '../code/profiled-function'
import { NO_KEY, totalsByKey } from '../rows/key-totals'
import { NO_LOCATION, type StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import { FrameKind } from '../session/session'

export interface FileTimes {
  /** As recorded. */
  file: string
  shortFile: string
  isApplicationCode: boolean
  selfNs: number
  totalNs: number
}

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

/** Files of Python code with time, the longest first. *functionOfRow* may leave rows out. */
export function fileTimes(
  rows: StackRows,
  weights: Weights,
  functionOfRow: Uint32Array = rows.function,
): FileTimes[] {
  const { functions } = rows.functions
  const ids = new Map<string, number>()
  const files: ProfiledFunction[] = []
  const keyOf = functions.map((code) => {
    if (code.kind !== FrameKind.PYTHON) return NO_KEY
    let id = ids.get(code.file)
    if (id === undefined) {
      id = files.push(code) - 1
      ids.set(code.file, id)
    }
    return id
  })
  const keyOfRow = functionOfRow.map((id) => (id === NO_KEY ? NO_KEY : keyOf[id]))
  const found = totalsByKey(rows, weights, keyOfRow, files.length)
  return files
    .map((code, id) => ({
      file: code.file,
      shortFile: code.shortFile,
      isApplicationCode: code.isApplicationCode === true,
      selfNs: found.self[id],
      totalNs: found.total[id],
    }))
    .filter(({ totalNs }) => totalNs > 0)
    .sort((a, b) => b.totalNs - a.totalNs || b.selfNs - a.selfNs || (a.file < b.file ? -1 : 1))
}

/** The lines of a file that ran or that travelled, in order. */
export function sourceLines(rows: StackRows, weights: Weights, file: string): SourceLine[] {
  const { locations, sources } = rows.session
  const { functions, ofLocation } = rows.functions
  const texts = sources.get(file)
  let highest = 0
  const lineOf = locations.line.map((line, location) => {
    if (functions[ofLocation[location]].file !== file) return NO_KEY
    highest = Math.max(highest, line)
    return line
  })
  const keyOfRow = rows.location.map((at) => (at === NO_LOCATION ? NO_KEY : lineOf[at]))
  const found = totalsByKey(rows, weights, keyOfRow, highest + 1)
  const codes = mainFunctions(rows, weights, keyOfRow)
  const numbers = new Set<number>(texts?.keys())
  found.total.forEach((ns, line) => ns && line && numbers.add(line))
  const lines: SourceLine[] = []
  for (const line of [...numbers].sort((a, b) => a - b)) {
    lines.push({
      line,
      text: texts?.get(line) ?? null,
      selfNs: found.self[line] ?? 0,
      totalNs: found.total[line] ?? 0,
      ticks: found.totalTicks[line] ?? 0,
      code: codes.get(line) ?? null,
      isAfterGap: line > (lines.at(-1)?.line ?? 0) + 1,
    })
  }
  return lines
}

/** By line: the function with most time at it. A line of nested functions has several. */
function mainFunctions(
  rows: StackRows,
  { total }: Weights,
  keyOfRow: Uint32Array,
): Map<number, ProfiledFunction> {
  const found = new Map<number, { code: number; ns: number }>()
  for (let row = 0; row < rows.count; row++) {
    const line = keyOfRow[row]
    if (line === NO_KEY || !total[row]) continue
    const before = found.get(line)
    if (!before || total[row] > before.ns) {
      found.set(line, { code: rows.function[row], ns: total[row] })
    }
  }
  return new Map([...found].map(([line, { code }]) => [line, rows.functions.functions[code]]))
}
