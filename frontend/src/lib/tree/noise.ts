// Which times are so short that chance decides whether they are seen at all.
import type { Facts } from '../session/session'

/** With fewer observations the standard error of a time is half of it or more. */
const MIN_TICKS = 4

/** Whether a time rests on hardly any observation. What lasted for long is timed, not sampled. */
export function isNoise(times: { totalNs: number; ticks: number }, facts: Facts): boolean {
  return times.ticks < MIN_TICKS && times.totalNs < MIN_TICKS * facts.intervalNs
}
