import { describe, expect, test } from 'vitest'
import { parseSearch } from '../../src/lib/filter/search'
import { factsTable } from '../../src/lib/text/facts-table'
import { heatOf } from '../../src/lib/text/heat'
import { matchParts } from '../../src/lib/text/match-parts'
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

test('the table of facts has what is known, and only that', () => {
  const facts = { ownCpuNs: 20e6, ticksLate: 5, engineReason: 'reference is all there is' }
  const table = factsTable(madeUpSession({ samples: ['a 1'], facts }))
  expect(Object.fromEntries(table)).toEqual({
    Command: 'main.py',
    Recorded: '2023-11-14 22:13:20 UTC',
    Duration: '1 s',
    'CPU time': '1 s in the whole process',
    Interpreter: 'CPython 3.12.1, linux x86_64',
    Engine: 'reference is all there is',
    Interval: '1 ms',
    Samples: '1,000 samples, shares ± 1.6 %',
    Late: '5 ticks of 1,000 fell into C calls, waits or lost CPU time: timed, not sampled',
    'Own cost': '20 ms of CPU time for sampling, 2.0 % of the duration',
    Threads: 'the one that started the profile',
    Async: 'disabled',
    Process: '1',
  })
})

test.each([
  ['list.sort', 'or', 'list.s[or]t'],
  ['Error in error', 'ERR', '[Err]or in [err]or'],
  ['a1b22', '/\\d+/', 'a[1]b[22]'],
  ['abc', '/x*/', 'abc'],
  ['abc', '', 'abc'],
  ['\u0130stanbul', 'stan', '\u0130stanbul'],
])('in %s, %s is marked as %s', (text, typed, expected) => {
  const parts = matchParts(text, parseSearch(typed))
  expect(parts.map((part) => (part.isMatch ? `[${part.text}]` : part.text)).join('')).toBe(expected)
})

test('heat has six steps', () => {
  expect([0, 0.02, 0.05, 0.12, 0.25, 0.5, 1].map((share) => heatOf(share, 1))).toEqual([
    0, 1, 2, 3, 4, 5, 5,
  ])
  expect(heatOf(0, 0)).toBe(0)
})
