// What part of an axis is in view, and how it changes: never out of the whole, never of no length.
import type { Extent } from './extent'

/** Nearer than this nothing more can be told apart: clocks tell nanoseconds. */
export const LEAST_NS = 100

/** *startNs* stays at least where the whole begins, *endNs* where it ends. */
export function within(whole: Extent, startNs: number, endNs: number): Extent {
  const wholeLength = whole.endNs - whole.startNs
  const length = Math.min(wholeLength, Math.max(endNs - startNs, Math.min(LEAST_NS, wholeLength)))
  const start = Math.min(Math.max(startNs, whole.startNs), whole.endNs - length)
  return { startNs: start, endNs: start + length }
}

/** *factor* times as much in view, with *atNs* staying where it is. */
export function zoomedAt(view: Extent, whole: Extent, factor: number, atNs: number): Extent {
  const least = Math.min(LEAST_NS, whole.endNs - whole.startNs)
  const length = Math.max(least, (view.endNs - view.startNs) * factor)
  const place = (atNs - view.startNs) / (view.endNs - view.startNs)
  const startNs = atNs - place * length
  return within(whole, startNs, startNs + length)
}

export function pannedBy(view: Extent, whole: Extent, byNs: number): Extent {
  return within(whole, view.startNs + byNs, view.endNs + byNs)
}

/** Moved as little as shows [startNs, endNs), or, where that is longer, its start. */
export function showing(view: Extent, whole: Extent, startNs: number, endNs: number): Extent {
  const length = view.endNs - view.startNs
  if (startNs < view.startNs || endNs - startNs > length) {
    if (endNs > view.startNs && startNs < view.endNs && endNs - startNs > length) return view
    return within(whole, startNs, startNs + length)
  }
  if (endNs > view.endNs) return within(whole, endNs - length, endNs)
  return view
}

export function isWhole(view: Extent, whole: Extent): boolean {
  return view.startNs <= whole.startNs && view.endNs >= whole.endNs
}

export function isSame(a: Extent, b: Extent): boolean {
  return a.startNs === b.startNs && a.endNs === b.endNs
}
