// All that is known of how a recording was made, in rows of a name and a value.
import type { Session } from '../session/session'
import { reachedIntervalNs, shareMargin } from './facts'
import { counted, formatDuration } from './units'

const THREADS: Record<string, string> = {
  current: 'the one that started the profile',
  all: 'all that run Python',
  chosen: 'those that were chosen',
}

/** In the order in which somebody who doubts a number wants them. */
export function factsTable(session: Session): [name: string, value: string][] {
  const { facts } = session
  const rows: [string, string][] = []
  const put = (name: string, value: string) => value && rows.push([name, value])
  put('Command', facts.argv.join(' '))
  put('Recorded', startText(facts.startTimeNs))
  put('Duration', formatDuration(facts.durationNs))
  put('CPU time', facts.cpuClock && `${formatDuration(facts.processCpuNs)} in the whole process`)
  put('Interpreter', [facts.python, facts.platform].filter(Boolean).join(', '))
  put('Engine', engineText(session))
  put('Interval', intervalText(session))
  const margin = Math.round(shareMargin(session) * 1000) / 10
  put('Samples', counted(facts.sampleCount, 'sample') + (margin ? `, shares ± ${margin} %` : ''))
  if (facts.ticksLate) {
    const late = `${counted(facts.ticksLate, 'tick')} of ${facts.ticksAsked.toLocaleString('en')}`
    put('Late', `${late} fell into C calls, waits or lost CPU time: timed, not sampled`)
  }
  put('Own cost', ownCostText(session))
  put('Threads', THREADS[facts.threads] ?? facts.threads)
  put('Async', facts.asyncMode)
  put('Process', facts.pid ? String(facts.pid) : '')
  for (const note of facts.notes) put('Note', note)
  return rows
}

function startText(startNs: number): string {
  if (!startNs) return ''
  return `${new Date(startNs / 1e6).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** The reason mostly begins with the engine's name. */
function engineText({ facts: { engine, engineReason } }: Session): string {
  return engineReason.startsWith(engine) ? engineReason : `${engine}: ${engineReason}`
}

function intervalText(session: Session): string {
  const { intervalNs, sampleCount } = session.facts
  if (!intervalNs || !sampleCount) return ''
  const reached = formatDuration(reachedIntervalNs(session))
  const wanted = formatDuration(intervalNs)
  return reached === wanted ? wanted : `${reached} reached, ${wanted} asked for`
}

function ownCostText({ facts }: Session): string {
  if (!facts.ownCpuNs || !facts.durationNs) return ''
  const share = ((facts.ownCpuNs / facts.durationNs) * 100).toFixed(1)
  return `${formatDuration(facts.ownCpuNs)} of CPU time for sampling, ${share} % of the duration`
}
