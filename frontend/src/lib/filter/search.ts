// Search by text, regular expression or place; what matches, and how much of the time that is.
import { PatternError } from '../errors'
import type { FunctionTable } from '../code/function-table'
import type { ProfiledFunction } from '../code/profiled-function'
import { NO_LOCATION, type StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'

export type Search =
  | { kind: 'text'; text: string }
  | { kind: 'regex'; pattern: RegExp }
  | { kind: 'place'; file: string; firstLine: number; lastLine: number }

/** What somebody typed; null for nothing. Throws {@link PatternError} for a broken `/regex/`. */
export function parseSearch(typed: string): Search | null {
  const text = typed.trim()
  if (text === '') return null
  const regex = /^\/(.+)\/([i]?)$/.exec(text)
  if (regex) {
    try {
      return { kind: 'regex', pattern: new RegExp(regex[1], regex[2]) }
    } catch (fault) {
      const words = fault instanceof Error ? fault.message : String(fault)
      throw new PatternError(`${text}: ${words}`)
    }
  }
  // A drive letter's colon is followed by no number.
  const place = /^(.+):(\d+)(?:-(\d+))?$/.exec(text)
  if (place) {
    const firstLine = Number(place[2])
    const lastLine = Number(place[3] ?? place[2])
    return { kind: 'place', file: place[1], firstLine, lastLine }
  }
  return { kind: 'text', text: text.toLowerCase() }
}

/** By location, 1 where it matches. Text is looked for in names and short paths. */
export function matchingLocations(
  functions: FunctionTable,
  { line }: { line: Uint32Array },
  search: Search,
): Uint8Array {
  const found = new Uint8Array(line.length)
  const ofFunction = functions.functions.map((code) => matchesFunction(code, search))
  for (let location = 0; location < found.length; location++) {
    if (!ofFunction[functions.ofLocation[location]]) continue
    const inLines =
      search.kind !== 'place' ||
      (search.firstLine <= line[location] && line[location] <= search.lastLine)
    if (inLines) found[location] = 1
  }
  return found
}

/** Whether a function matches; for a place, whether it is in that file. */
export function matchesFunction(code: ProfiledFunction, search: Search): boolean {
  if (code.isSynthetic) return false
  switch (search.kind) {
    case 'text':
      return textsOf(code).some((text) => text.toLowerCase().includes(search.text))
    case 'regex':
      return textsOf(code).some((text) => search.pattern.test(text))
    case 'place':
      return endsWithPath(code.file, search.file)
  }
}

/** Nanoseconds in stacks with anything that matches; a stack counts once. */
export function matchedNs(rows: StackRows, weights: Weights, matching: Uint8Array): number {
  let found = 0
  for (let row = 0; row < rows.count; ) {
    const location = rows.location[row]
    if (location !== NO_LOCATION && matching[location]) {
      found += weights.total[rows.stretches.of[row]]
      row = rows.end[row]
    } else {
      row++
    }
  }
  return found
}

function textsOf(code: ProfiledFunction): string[] {
  const found = [code.name, code.shortFile]
  if (code.qualname) found.push(code.qualname)
  if (code.ownClass) found.push(code.distinctName)
  return found
}

function endsWithPath(path: string, end: string): boolean {
  const whole = path.replaceAll('\\', '/')
  const wanted = end.replaceAll('\\', '/')
  return whole === wanted || whole.endsWith(wanted.startsWith('/') ? wanted : `/${wanted}`)
}
