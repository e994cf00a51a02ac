// What is in force besides the defaults, in words, each with the filter that is left without it:
// a reader must always see why something is not shown.
import { formatDuration } from '../text/units'
import { DEFAULT_FILTER, type Filter } from './filter'

export interface Chip {
  label: string
  without: Filter
}

/** *threadName* gives a thread's title. */
export function chipsOf(filter: Filter, threadName: (thread: number) => string): Chip[] {
  const chips: Chip[] = []
  const add = (label: string, change: Partial<Filter>) =>
    chips.push({ label, without: { ...filter, ...change } })
  const { thread, range } = filter
  if (filter.search) add(`search: ${filter.search}`, { search: '' })
  if (thread !== null) add(`thread: ${threadName(thread)}`, { thread: null })
  if (range) {
    const from = formatDuration(range.startNs)
    add(`${from} to ${formatDuration(range.endNs)}`, { range: null })
  }
  if (filter.clock === 'cpu') add('CPU time', { clock: 'wall' })
  if (filter.hide) add(`hide: ${filter.hide}`, { hide: '' })
  if (filter.show) add(`show: ${filter.show}`, { show: '' })
  if (filter.threshold !== DEFAULT_FILTER.threshold) {
    const label = filter.threshold ? `from ${filter.threshold * 100} %` : 'any share'
    add(label, { threshold: DEFAULT_FILTER.threshold })
  }
  if (filter.foldRecursion) add('recursion folded', { foldRecursion: false })
  if (!filter.removeImportlib) add('import machinery shown', { removeImportlib: true })
  if (!filter.removeTracebackhide) add('hidden frames shown', { removeTracebackhide: true })
  if (!filter.removeCommand) add('pyinstrument shown', { removeCommand: true })
  if (!filter.groupLibraries) add('library calls shown', { groupLibraries: true })
  return chips
}
