// What a report rests on, in words: what ran, for how long, how well it was observed.
import { type Session, threadTitle } from '../session/session'
import { counted, formatDuration } from './units'

/** Shares that are good to this are not worth a warning. */
const MIN_MARGIN = 0.05
/** From here on, times as long as wanted, ticks came too seldom to say nothing of it. */
const MIN_SLOWNESS = 1.25
/** Above it, late ticks are why there are fewer samples than a reader expects. */
const MIN_LATE_SHARE = 0.1

/** The line at the top, in parts: `0.71 s`, `65 % running, 35 % waiting`, `440 samples` … */
export function factsSentence(session: Session): string[] {
  const { facts } = session
  const parts = [formatDuration(facts.durationNs)]
  const running = runningShare(session)
  if (running !== null) {
    const percent = Math.round(running * 100)
    parts.push(`${percent} % running, ${100 - percent} % waiting`)
  }
  const interval = facts.intervalNs ? ` at ${formatDuration(facts.intervalNs)}` : ''
  parts.push(counted(facts.sampleCount, 'sample') + interval)
  parts.push(threadsText(session))
  return parts
}

/** What makes the numbers less than they seem, in sentences. */
export function warningsOf(session: Session): string[] {
  const { facts } = session
  const warnings = [...facts.notes]
  const margin = shareMargin(session)
  if (margin > MIN_MARGIN) {
    const samples = counted(facts.sampleCount, 'sample')
    warnings.push(`${samples}: treat shares as ± ${Math.round(margin * 100)} %`)
  }
  if (facts.ticksLate > facts.ticksAsked * MIN_LATE_SHARE) {
    warnings.push(
      `${facts.ticksLate} of ${facts.ticksAsked} ticks fell into C calls, waits or lost CPU ` +
        'time: timed, not sampled',
    )
  }
  const reached = reachedIntervalNs(session)
  // A short profile ends before its last interval does, which says nothing about the others.
  const endedEarly = facts.durationNs < facts.intervalNs * (facts.sampleCount + 1)
  if (facts.sampleCount && reached >= facts.intervalNs * MIN_SLOWNESS && !endedEarly) {
    warnings.push(
      `sampled every ${formatDuration(reached)} instead of ${formatDuration(facts.intervalNs)}`,
    )
  }
  return warnings
}

/** Share of the recorded time in which the threads ran on a CPU; null where not recorded. */
function runningShare({ facts, samples }: Session): number | null {
  if (!facts.cpuClock) return null
  let wall = 0
  let cpu = 0
  for (let sample = 0; sample < samples.durationNs.length; sample++) {
    wall += samples.durationNs[sample]
    cpu += samples.cpuNs[sample]
  }
  return wall ? Math.min(1, cpu / wall) : null
}

/**
 * Standard error of a share, at its worst: where it is one half. For independent samples it is
 * sqrt(0.5 * 0.5 / count); only the time until a sample is due was sampled, what then goes on (a
 * long C call, a wait) is timed, and whose it is is known.
 */
export function shareMargin(session: Session): number {
  const { sampleCount, durationNs } = session.facts
  if (!sampleCount || !durationNs) return 0
  const sampled = Math.min(1, (reachedIntervalNs(session) * sampleCount) / durationNs)
  return (sampled * 0.5) / Math.sqrt(sampleCount)
}

/** Mean time between ticks, late ones included. */
export function reachedIntervalNs({ facts }: Session): number {
  const ticks = Math.max(1, facts.sampleCount + facts.ticksLate)
  return Math.max(facts.intervalNs, facts.durationNs / ticks)
}

function threadsText(session: Session): string {
  const count = session.threads.name.length
  return count === 1 ? threadTitle(session, 0) : counted(count, 'thread')
}
