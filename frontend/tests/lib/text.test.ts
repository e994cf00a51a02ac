import { describe, expect, test } from 'vitest'
import { factsSentence, warningsOf } from '../../src/lib/text/facts'
import {
  columnFormat,
  counted,
  decimalsForInterval,
  formatDuration,
  formatShare,
} from '../../src/lib/text/units'
import { madeUpSession } from '../support/made-up-session'

test.each([
  [0, '0 ns'],
  [999, '999 ns'],
  [1500, '1.5 µs'],
  [999_999, '1 ms'],
  [712_300_000, '712 ms'],
  [59.96e9, '60 s'],
  [60e9, '1 min'],
  [200e9, '3 min 20 s'],
  [3600e9, '1 h'],
  [3661e9, '1 h 1 min'],
])('%i ns is %s', (ns, expected) => {
  expect(formatDuration(ns)).toBe(expected)
})

test.each([
  [2e9, 1e6, 12_345_678, '0.012', 's'],
  [0.7e9, 1e6, 12_345_678, '12', 'ms'],
  [0.7e9, 1e5, 12_345_678, '12.3', 'ms'],
  [5e6, 1e6, 1_000_000, '1', 'ms'],
  [9000e9, 1e7, 12e9, '12.00', 's'],
])('of %i ns at %i ns, %i is %s %s', (whole, interval, ns, expected, unit) => {
  const format = columnFormat(whole, interval)
  expect([format(ns), format.unit]).toEqual([expected, unit])
})

test('shares and counts', () => {
  expect(formatShare(1, 8)).toBe('12.5 %')
  expect(formatShare(0, 0)).toBe('0.0 %')
  expect(counted(1, 'sample')).toBe('1 sample')
  expect(counted(2000, 'sample')).toBe('2,000 samples')
  expect([1e6, 1e7, 0, 3e9].map(decimalsForInterval)).toEqual([3, 2, 3, 0])
})

describe('the facts', () => {
  const samples = ['a 600 cpu=300', 'a 400 cpu=350']

  test('say how long, how much of it running, and how well observed', () => {
    expect(factsSentence(madeUpSession({ samples }))).toEqual([
      '1 s',
      '65 % running, 35 % waiting',
      '1,000 samples at 1 ms',
      'MainThread',
    ])
  })

  test('say nothing of running where CPU time was not recorded', () => {
    const session = madeUpSession({ samples, facts: { cpuClock: '' }, threads: ['a', 'b'] })
    expect(factsSentence(session)).toEqual(['1 s', '1,000 samples at 1 ms', '2 threads'])
  })

  test('warn of few, late and seldom samples', () => {
    expect(warningsOf(madeUpSession({ samples }))).toEqual([])
    const facts = { sampleCount: 12, durationNs: 12e6, ticksAsked: 12, notes: ['a note'] }
    expect(warningsOf(madeUpSession({ samples, facts }))).toEqual([
      'a note',
      '12 samples: treat shares as ± 14 %',
    ])
    const seldom = { sampleCount: 400, ticksAsked: 1000, ticksLate: 200 }
    expect(warningsOf(madeUpSession({ samples, facts: seldom }))).toEqual([
      '200 of 1000 ticks fell into C calls, waits or lost CPU time: timed, not sampled',
      'sampled every 1.67 ms instead of 1 ms',
    ])
  })
})
