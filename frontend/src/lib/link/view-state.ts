// Everything that a link to a view says: which view, what is selected in it, through which filter.
import { DEFAULT_FILTER, type Filter } from '../filter/filter'
import type { TimeStyle } from '../text/units'

export const VIEWS = ['tree', 'flame', 'timeline', 'functions', 'source'] as const
export type View = (typeof VIEWS)[number]

/** What the reader looks at, in any view. */
export interface Selection {
  /** Id of a function; null: nothing is selected. */
  code: number | null
  /** Ids of the functions from the root to it, where a place in the tree was meant; else empty. */
  path: readonly number[]
  /** A line of its file; null: the function as a whole. */
  line: number | null
}

export interface ViewState {
  view: View
  filter: Filter
  selection: Selection
  /** How times are written. */
  times: TimeStyle
}

export const NO_SELECTION: Selection = { code: null, path: [], line: null }

export const DEFAULT_STATE: ViewState = {
  view: 'tree',
  filter: DEFAULT_FILTER,
  selection: NO_SELECTION,
  times: 'time',
}
