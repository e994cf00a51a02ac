import { describe, expect, test } from 'vitest'
import { activity, runEndNs } from '../../src/lib/overview/activity'
import { moveHandle, rangeBetween } from '../../src/lib/overview/range-edits'
import { madeUpSession, randomSession } from '../support/made-up-session'

const MS = 1_000_000
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed)

describe('the overview of a run', () => {
  test.each(SEEDS)('has all time in equal parts, session %i', (seed) => {
    const session = randomSession(seed)
    const { samples } = session
    for (const thread of [null, 0]) {
      const found = activity(session, thread, 16)
      const binNs = runEndNs(session) / 16
      const expected = Array.from({ length: 16 }, (_, part) => {
        let [running, waiting] = [0, 0]
        for (let sample = 0; sample < samples.stack.length; sample++) {
          if (thread !== null && samples.thread[sample] !== thread) continue
          const start = samples.startNs[sample]
          const duration = samples.durationNs[sample]
          const end = Math.min(start + duration, (part + 1) * binNs)
          const inPart = Math.max(0, end - Math.max(start, part * binNs))
          const share = duration ? samples.cpuNs[sample] / duration : 0
          running += (inPart * share) / binNs
          waiting += (inPart * (1 - share)) / binNs
        }
        return { running, waiting }
      })
      expected.forEach(({ running, waiting }, part) => {
        expect(found.running[part]).toBeCloseTo(running, 9)
        expect(found.waiting[part]).toBeCloseTo(waiting, 9)
      })
      expect(found.most).toBeCloseTo(
        Math.max(...expected.map((one) => one.running + one.waiting)),
        9,
      )
    }
  })

  test('counts what was awaited as waiting, and all else as running without a CPU clock', () => {
    const session = madeUpSession({
      samples: ['a 4 cpu=1', 'a 4 cpu=4 state=2'],
      facts: { cpuClock: '' },
    })
    const found = activity(session, null, 2)
    expect([[...found.running], [...found.waiting]]).toEqual([
      [1, 0],
      [0, 1],
    ])
  })

  test('of nothing is nothing', () => {
    const found = activity(madeUpSession({ samples: [] }), null, 3)
    expect([found.wholeNs, [...found.running], found.most]).toEqual([0, [0, 0, 0], 0])
  })
})

describe('a chosen time range', () => {
  const whole = 1000 * MS
  const range = { startNs: 200 * MS, endNs: 500 * MS }

  test('is between two moments, in any order, within the run', () => {
    expect(rangeBetween(500 * MS, 200 * MS, whole)).toEqual(range)
    expect(rangeBetween(-5, 500 * MS, whole)).toEqual({ startNs: 0, endNs: 500 * MS })
  })

  test('is none where it is all, or a slip of the hand', () => {
    expect(rangeBetween(-5, whole + 5, whole)).toBe(null)
    expect(rangeBetween(7 * MS, 7.1 * MS, whole)).toBe(null)
  })

  test('moves by its handles, which never pass each other', () => {
    expect(moveHandle(range, 'start', 50 * MS, whole)).toEqual({ ...range, startNs: 250 * MS })
    expect(moveHandle(range, 'end', -50 * MS, whole)).toEqual({ ...range, endNs: 450 * MS })
    expect(moveHandle(range, 'start', whole, whole)!.startNs).toBeLessThan(range.endNs)
    expect(moveHandle(range, 'end', -whole, whole)!.endNs).toBeGreaterThan(range.startNs)
    expect(moveHandle(null, 'start', 100 * MS, whole)).toEqual({ startNs: 100 * MS, endNs: whole })
  })

  test('moves as a whole and keeps its length at the edges', () => {
    const moved = (by: number) => moveHandle(range, 'both', by, whole)
    expect(moved(-300 * MS)).toEqual({ startNs: 0, endNs: 300 * MS })
    expect(moved(900 * MS)).toEqual({ startNs: 700 * MS, endNs: whole })
    expect(moveHandle(null, 'both', 5, whole)).toBe(null)
  })
})
