import { describe, expect, test } from 'vitest'
import { lastAtMost } from '../../src/lib/axis/extent'
import { axisTicks } from '../../src/lib/axis/ticks'
import { LEAST_NS, isWhole, pannedBy, showing, within, zoomedAt } from '../../src/lib/axis/zoom'

const MS = 1_000_000
const labels = (start: number, end: number, most: number) =>
  axisTicks(start, end, most).map(({ label }) => label)

describe('the marks of an axis', () => {
  test('are at round times in one unit', () => {
    expect(labels(0, 1000 * MS, 5)).toEqual(['0.0 s', '0.2 s', '0.4 s', '0.6 s', '0.8 s', '1.0 s'])
    expect(labels(3 * MS, 40 * MS, 4)).toEqual(['10 ms', '20 ms', '30 ms', '40 ms'])
    expect(labels(1234 * MS, 1236 * MS, 4)).toEqual([
      '1.2340 s',
      '1.2345 s',
      '1.2350 s',
      '1.2355 s',
      '1.2360 s',
    ])
  })

  test('are never more than asked for by more than the one at the edge', () => {
    for (let span = 1; span < 1e12; span *= 3.7) {
      for (const most of [1, 3, 8]) {
        expect(axisTicks(span * 0.3, span * 1.3, most).length).toBeLessThanOrEqual(most + 1)
        const found = labels(span * 0.3, span * 1.3, most)
        expect(new Set(found).size).toBe(found.length)
      }
    }
  })

  test('are none where there is no room', () => {
    expect([axisTicks(0, 0, 5), axisTicks(0, 5, 0)]).toEqual([[], []])
  })
})

describe('the view of an axis', () => {
  const whole = { startNs: 0, endNs: 1000 }
  const view = { startNs: 400, endNs: 600 }

  test('zooms around a moment', () => {
    expect(zoomedAt(view, whole, 2, 450)).toEqual({ startNs: 350, endNs: 750 })
    expect(zoomedAt(view, whole, 0.5, 600)).toEqual({ startNs: 500, endNs: 600 })
    expect(zoomedAt(view, whole, 100, 450)).toEqual(whole)
    expect(zoomedAt(view, whole, 1e-9, 450).endNs).toBeCloseTo(450 + LEAST_NS * 0.75)
    expect(isWhole(whole, whole)).toBe(true)
    expect(isWhole(view, whole)).toBe(false)
  })

  test('stays inside', () => {
    expect(pannedBy(view, whole, -900)).toEqual({ startNs: 0, endNs: 200 })
    expect(pannedBy(view, whole, 900)).toEqual({ startNs: 800, endNs: 1000 })
    expect(within(whole, -50, 5000)).toEqual(whole)
  })

  test('moves as little as shows something', () => {
    expect(showing(view, whole, 450, 500)).toEqual(view)
    expect(showing(view, whole, 590, 650)).toEqual({ startNs: 450, endNs: 650 })
    expect(showing(view, whole, 100, 150)).toEqual({ startNs: 100, endNs: 300 })
    expect(showing(view, whole, 0, 1000)).toEqual(view)
    expect(showing(view, whole, 700, 1000)).toEqual({ startNs: 700, endNs: 900 })
  })
})

test('the last value that is no more than another is what looking at each finds', () => {
  const values = [1, 3, 3, 3, 7, 9]
  for (let value = 0; value < 11; value++) {
    const expected = values.filter((found) => found <= value).length - 1
    expect(lastAtMost(values, 0, values.length, value)).toBe(expected)
  }
  expect(lastAtMost(values, 4, 6, 0)).toBe(3)
})
