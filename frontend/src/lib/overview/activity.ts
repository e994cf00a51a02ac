// The run at a glance: for equal parts of it, how much was running and how much waited.
import { SampleState, type Session } from '../session/session'

export interface Activity {
  /** Nanoseconds from the start of the run to its end. */
  wholeNs: number
  binNs: number
  /** By part: threads that ran in it, on average; and those that waited. */
  running: Float64Array
  waiting: Float64Array
  /** The most threads in any part. */
  most: number
}

/** Until when there are samples. */
export function runEndNs({ samples }: Session): number {
  let end = 0
  for (let sample = 0; sample < samples.startNs.length; sample++) {
    end = Math.max(end, samples.startNs[sample] + samples.durationNs[sample])
  }
  return end
}

/** Of one row of the thread table, or of all. Where no CPU time was recorded, all but what was
 *  awaited counts as running. */
export function activity(session: Session, thread: number | null, parts: number): Activity {
  const { samples, facts } = session
  const wholeNs = runEndNs(session)
  const binNs = wholeNs / parts
  const running = new Float64Array(parts)
  const waiting = new Float64Array(parts)
  for (let sample = 0; sample < samples.startNs.length; sample++) {
    const duration = samples.durationNs[sample]
    if (!duration || (thread !== null && samples.thread[sample] !== thread)) continue
    const start = samples.startNs[sample]
    const end = start + duration
    const share = runningShareOf(sample, duration)
    const last = Math.min(parts - 1, Math.floor(end / binNs))
    for (let part = Math.min(last, Math.floor(start / binNs)); part <= last; part++) {
      const from = Math.max(start, part * binNs)
      const inPart = Math.max(0, Math.min(end, (part + 1) * binNs) - from) / binNs
      running[part] += inPart * share
      waiting[part] += inPart * (1 - share)
    }
  }
  let most = 0
  for (let part = 0; part < parts; part++) most = Math.max(most, running[part] + waiting[part])
  return { wholeNs, binNs, running, waiting, most }

  function runningShareOf(sample: number, duration: number): number {
    const state = samples.state[sample]
    if (state === SampleState.AWAITED || state === SampleState.WAITING) return 0
    return facts.cpuClock ? Math.min(1, samples.cpuNs[sample] / duration) : 1
  }
}
