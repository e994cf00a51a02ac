// How a chosen time range changes by its handles and keys. null: the whole run.
import type { TimeRange } from '../rows/weights'

export type Handle = 'start' | 'end' | 'both'

/** Less than this share of the run is a slip of the hand. */
const LEAST_SHARE = 1 / 2000

/** The range between two moments, whichever is first; null where it is all or next to nothing. */
export function rangeBetween(a: number, b: number, wholeNs: number): TimeRange | null {
  const startNs = Math.round(Math.max(0, Math.min(a, b)))
  const endNs = Math.round(Math.min(wholeNs, Math.max(a, b)))
  const length = endNs - startNs
  if (length < wholeNs * LEAST_SHARE || (startNs <= 0 && endNs >= wholeNs)) return null
  return { startNs, endNs }
}

/** Moves a handle by *byNs*, never past the other one; both keep their distance. */
export function moveHandle(
  range: TimeRange | null,
  handle: Handle,
  byNs: number,
  wholeNs: number,
): TimeRange | null {
  const { startNs, endNs } = range ?? { startNs: 0, endNs: wholeNs }
  const least = wholeNs * LEAST_SHARE
  if (handle === 'both') {
    const by = Math.min(wholeNs - endNs, Math.max(-startNs, byNs))
    return rangeBetween(startNs + by, endNs + by, wholeNs)
  }
  if (handle === 'start') {
    return rangeBetween(Math.min(endNs - least, startNs + byNs), endNs, wholeNs)
  }
  return rangeBetween(startNs, Math.max(startNs + least, endNs + byNs), wholeNs)
}
