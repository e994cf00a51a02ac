// Time by file of Python code.
import type { ProfiledFunction } from '../code/profiled-function'
import { remembered } from '../remembered'
import { NO_KEY, totalsByKey } from '../rows/key-totals'
import type { StackRows } from '../rows/stack-rows'
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

/** Files of Python code with time, the longest first. *functionOfRow* may leave rows out;
 *  *isOwn*: whether a function is the reader's. */
export function fileTimes(
  rows: StackRows,
  weights: Weights,
  functionOfRow: Uint32Array = rows.function,
  isOwn = (code: ProfiledFunction) => code.isApplicationCode === true,
): FileTimes[] {
  const { files, ofFunction } = filesOf(rows)
  const keyOfRow = fileKeys(functionOfRow, ofFunction)
  const found = totalsByKey(rows, weights, keyOfRow, files.length)
  return files
    .map((code, id) => ({
      file: code.file,
      shortFile: code.shortFile,
      isApplicationCode: isOwn(code),
      selfNs: found.self[id],
      totalNs: found.total[id],
    }))
    .filter(({ totalNs }) => totalNs > 0)
    .sort((a, b) => b.totalNs - a.totalNs || b.selfNs - a.selfNs || (a.file < b.file ? -1 : 1))
}

/** A function of each file, and the place of its file by function. */
const filesOf = remembered(({ functions: { functions } }: StackRows) => {
  const ids = new Map<string, number>()
  const files: ProfiledFunction[] = []
  const ofFunction = functions.map((code) => {
    if (code.kind !== FrameKind.PYTHON) return NO_KEY
    let id = ids.get(code.file)
    if (id === undefined) {
      id = files.push(code) - 1
      ids.set(code.file, id)
    }
    return id
  })
  return { files, ofFunction: Uint32Array.from(ofFunction) }
})

const fileKeys = remembered((functionOfRow: Uint32Array, ofFunction: Uint32Array) =>
  functionOfRow.map((id) => (id === NO_KEY ? NO_KEY : ofFunction[id])),
)
