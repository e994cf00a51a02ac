// What the reader wants to see of a run: one value, shared by all views. Never changed in place.
import { type ChainChoice, type ReportChain, reportChain } from '../processors/report-chain'
import { DEFAULT_THRESHOLD } from '../processors/processor'
import type { WeightChoice } from '../rows/weights'
import { PatternError } from '../errors'
import { pythonPattern } from './python-pattern'

export interface Filter extends WeightChoice, ChainChoice {
  /** Text, `/regex/` or `file.py:42`; it marks what matches, and hides nothing. See search.ts. */
  search: string
  /** Share of the root's time below which nodes of the tree are not shown. */
  threshold: number
  /** Regular expression, in Python's spelling; files that match are hidden like library code. */
  hide: string
  /** The same; files that match are never hidden. */
  show: string
}

export const DEFAULT_FILTER: Filter = {
  clock: 'wall',
  thread: null,
  range: null,
  search: '',
  threshold: DEFAULT_THRESHOLD,
  hide: '',
  show: '',
  removeImportlib: true,
  removeTracebackhide: true,
  removeCommand: true,
  groupLibraries: true,
  foldRecursion: false,
}

/** A filter that hides no calls: like `--show-all`, and without patterns. */
export function showingAll(filter: Filter): Filter {
  return {
    ...filter,
    threshold: 0,
    hide: '',
    show: '',
    removeImportlib: false,
    removeTracebackhide: false,
    groupLibraries: false,
  }
}

/** The processors that a filter asks for; a pattern that cannot be read counts as none. */
export function chainOf(filter: Filter): ReportChain {
  return reportChain(filter, {
    filterThreshold: filter.threshold,
    hide: readablePattern(filter.hide),
    show: readablePattern(filter.show),
  })
}

/** Why a pattern cannot be read, as a sentence; null when it can. */
export function patternFault(pattern: string): string | null {
  try {
    pythonPattern(pattern)
    return null
  } catch (fault) {
    if (fault instanceof PatternError) return fault.message
    throw fault
  }
}

function readablePattern(pattern: string): RegExp | null {
  return patternFault(pattern) === null ? pythonPattern(pattern) : null
}
