// The view's state as the fragment of an address, so that a link shows the same view. Only what
// differs from the report's start state is written; what cannot be read is left as it was there.
import type { Filter } from '../filter/filter'
import { type Selection, VIEWS, type View, type ViewState } from './view-state'

/** Deeper than this, a link selects the function without its place. */
const MAX_PATH = 200

/** Short names of the switches. */
const SWITCHES = {
  importlib: 'removeImportlib',
  hidden: 'removeTracebackhide',
  command: 'removeCommand',
  libraries: 'groupLibraries',
  fold: 'foldRecursion',
} as const satisfies Record<string, keyof Filter>

/** Without the `#`; empty for the start state. */
export function fragmentOf(state: ViewState, start: ViewState): string {
  const fields = new URLSearchParams()
  const { filter, selection } = state
  const put = (name: string, value: string | number, startValue: string | number) => {
    if (value !== startValue) fields.set(name, String(value))
  }
  put('view', state.view, start.view)
  put('times', state.times, start.times)
  put('clock', filter.clock, start.filter.clock)
  put('thread', filter.thread ?? 'all', start.filter.thread ?? 'all')
  put('range', rangeText(filter), rangeText(start.filter))
  put('search', filter.search, start.filter.search)
  put('from', filter.threshold, start.filter.threshold)
  put('hide', filter.hide, start.filter.hide)
  put('show', filter.show, start.filter.show)
  for (const [name, key] of Object.entries(SWITCHES)) {
    put(name, filter[key] ? 'on' : 'off', start.filter[key] ? 'on' : 'off')
  }
  if (selection.code !== null) fields.set('at', selectionText(selection))
  if (selection.line !== null) fields.set('line', String(selection.line))
  return fields.toString()
}

/** The state that a fragment, with or without its `#`, makes of the start state. */
export function stateOf(fragment: string, start: ViewState): ViewState {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''))
  const filter: Filter = { ...start.filter }
  const view = fields.get('view')
  const times = fields.get('times')
  const clock = fields.get('clock')
  if (clock === 'wall' || clock === 'cpu') filter.clock = clock
  const thread = fields.get('thread')
  if (thread === 'all') filter.thread = null
  else filter.thread = wholeNumber(thread) ?? filter.thread
  const range = fields.get('range')
  if (range !== null) filter.range = readRange(range)
  filter.search = fields.get('search') ?? filter.search
  filter.threshold = share(fields.get('from')) ?? filter.threshold
  filter.hide = fields.get('hide') ?? filter.hide
  filter.show = fields.get('show') ?? filter.show
  for (const [name, key] of Object.entries(SWITCHES)) {
    const value = fields.get(name)
    if (value === 'on' || value === 'off') filter[key] = value === 'on'
  }
  return {
    view: isView(view) ? view : start.view,
    times: times === 'time' || times === 'percent' ? times : start.times,
    filter,
    selection: readSelection(fields.get('at'), wholeNumber(fields.get('line'))),
  }
}

function rangeText({ range }: Filter): string {
  return range ? `${Math.round(range.startNs)}-${Math.round(range.endNs)}` : 'all'
}

function readRange(text: string): Filter['range'] {
  const found = /^(\d+)-(\d+)$/.exec(text)
  if (!found) return null
  const range = { startNs: Number(found[1]), endNs: Number(found[2]) }
  return range.startNs < range.endNs ? range : null
}

/** `7` for a function, `0.3.7` for its place in the tree. */
function selectionText({ code, path }: Selection): string {
  return path.length && path.length <= MAX_PATH ? path.join('.') : String(code)
}

function readSelection(text: string | null, line: number | null): Selection {
  if (text === null || !/^\d+(\.\d+)*$/.test(text)) return { code: null, path: [], line: null }
  const path = text.split('.').map(Number)
  return { code: path[path.length - 1], path: path.length > 1 ? path : [], line }
}

function isView(text: string | null): text is View {
  return VIEWS.some((view) => view === text)
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

function share(text: string | null): number | null {
  const value = text === null || text === '' ? NaN : Number(text)
  return value >= 0 && value <= 1 ? value : null
}
