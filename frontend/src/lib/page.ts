// What the HTML renderer puts into a page for this script: the session's bytes as base64 and the
// start state as JSON, each the text of an element that is no script.
import { DEFAULT_FILTER, type Filter, showingAll } from './filter/filter'
import { DEFAULT_STATE, VIEWS, type ViewState } from './link/view-state'

export const REPORT_ID = 'report'
export const SESSION_ID = 'report-session'
export const CONFIG_ID = 'report-config'

/** How the viewer begins; what is left out is as usual. Written by the HTML renderer. */
export interface PageConfig {
  view?: string
  times?: string
  clock?: string
  /** As `--show-all`. */
  show_all?: boolean
  filter_threshold?: number
  hide_regex?: string
  show_regex?: string
}

/** The text of an element, which is then taken from the page: it may be large. */
export function takeText(page: Document, id: string): string {
  const element = page.getElementById(id)
  const text = element?.textContent ?? ''
  element?.remove()
  return text.trim()
}

export function startState(config: PageConfig): ViewState {
  const clock = config.clock === 'cpu' ? 'cpu' : 'wall'
  let filter: Filter = { ...DEFAULT_FILTER, clock }
  if (config.show_all) filter = showingAll(filter)
  filter.threshold = config.filter_threshold ?? filter.threshold
  filter.hide = config.hide_regex ?? filter.hide
  filter.show = config.show_regex ?? filter.show
  return {
    ...DEFAULT_STATE,
    view: VIEWS.find((view) => view === config.view) ?? DEFAULT_STATE.view,
    times: config.times === 'percent' ? 'percent' : 'time',
    filter,
  }
}
