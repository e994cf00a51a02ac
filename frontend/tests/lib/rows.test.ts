import { describe, expect, test } from 'vitest'
import { stackRows } from '../../src/lib/rows/stack-rows'
import { totalsByKey } from '../../src/lib/rows/key-totals'
import { lookedThrough } from '../../src/lib/rows/looked-through'
import { Weigher } from '../../src/lib/rows/weigher'
import { ownOf } from '../../src/lib/rows/stretches'
import { WHOLE_RUN, weigh } from '../../src/lib/rows/weights'
import { type MadeUp, madeUpSession, randomSession } from '../support/made-up-session'

const MS = 1_000_000
const rowsOf = (madeUp: MadeUp) => stackRows(madeUpSession(madeUp))
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed)

describe('stack rows', () => {
  test('are in preorder, each before what is above it', () => {
    const rows = rowsOf({ samples: ['a;b;c 1', 'a;d 1', 'a;b;e 1'] })
    const names = Array.from(rows.function, (id) => rows.functions.functions[id].name)
    expect(names).toEqual(['[root]', 'a', 'b', 'c', 'e', 'd'])
    expect([...rows.parent]).toEqual([0, 0, 1, 2, 2, 1])
    expect([...rows.end]).toEqual([6, 6, 5, 4, 5, 6])
    expect([...rows.depth]).toEqual([0, 1, 2, 3, 3, 2])
    expect([...rows.ofSample]).toEqual([3, 5, 4])
  })

  test('give each thread with time its own rows', () => {
    const rows = rowsOf({
      samples: ['a;b 1', 'a;c 1 thread=1', 'a 0 thread=2', 'a;b 1 thread=1'],
      threads: ['MainThread', '', 'idle'],
    })
    const names = Array.from(rows.function, (id) => rows.functions.functions[id].name)
    expect(names).toEqual(['[root]', 'MainThread', 'a', 'b', 'Thread 101', 'a', 'b', 'c'])
    expect(rows.lanes).toEqual([
      { row: 1, thread: 0 },
      { row: 4, thread: 1 },
    ])
    expect([...rows.ofSample]).toEqual([3, 7, 0xffffffff, 6])
  })

  test.each(SEEDS)('are where their parents say, session %i', (seed) => {
    const rows = stackRows(randomSession(seed))
    for (let row = 1; row < rows.count; row++) {
      const parent = rows.parent[row]
      expect(parent).toBeLessThan(row)
      expect(rows.end[row]).toBeGreaterThan(row)
      expect(rows.end[row]).toBeLessThanOrEqual(rows.end[parent])
      expect(rows.depth[row]).toBe(rows.depth[parent] + 1)
    }
  })
})

describe('stretches', () => {
  const rows = rowsOf({ samples: ['a;b;c;d 1', 'a;b;c;e;f 1', 'a;b 1'] })

  test('are rows with nothing but the next above them, up to where a sample ends', () => {
    const { count, last, parent, of } = rows.stretches
    const names = (row: number) => rows.functions.functions[rows.function[row]].name
    const all = Array.from({ length: count }, (_, stretch) =>
      Array.from(rows.parent.keys(), (row) => (of[row] === stretch ? names(row) : '')).join(''),
    )
    expect(all).toEqual(['[root]ab', 'c', 'd', 'ef'])
    expect([...last].map(names)).toEqual(['b', 'c', 'd', 'f'])
    expect([...parent]).toEqual([0, 0, 1, 1])
  })

  test.each(SEEDS)('have one time: that of all samples above, session %i', (seed) => {
    const random = stackRows(randomSession(seed))
    const { stretches, end, ofSample, session } = random
    const { total, self } = weigh(random)
    for (let row = 0; row < random.count; row++) {
      const [above, own] = [end[row], row + 1].map((until) =>
        session.samples.durationNs.reduce(
          (sum, ns, at) => sum + (row <= ofSample[at] && ofSample[at] < until ? ns : 0),
          0,
        ),
      )
      expect([total[stretches.of[row]], ownOf(stretches, self, row)]).toEqual([above, own])
    }
  })
})

describe('weights', () => {
  const rows = rowsOf({
    samples: ['a;b 10 cpu=4 ticks=2', 'a 6 cpu=6', 'a;[await] 4 cpu=3 state=2', 'a 8 thread=1'],
    threads: ['MainThread', 'other'],
  })
  // [root], MainThread, a, b, [await], other, a
  const eachRow = Array.from(rows.parent.keys())
  const ownMs = (ns: Float64Array) => eachRow.map((row) => ownOf(rows.stretches, ns, row) / MS)
  const ofRows = (by: ArrayLike<number>) => eachRow.map((row) => by[rows.stretches.of[row]])
  const totalMs = (ns: Float64Array) => ofRows(ns).map((own) => own / MS)

  test('are what was sampled, added up to the root', () => {
    const weights = weigh(rows)
    expect(ownMs(weights.self)).toEqual([0, 0, 6, 10, 4, 0, 8])
    expect(totalMs(weights.total)).toEqual([28, 20, 20, 10, 4, 8, 8])
    expect(totalMs(weights.totalCpu)).toEqual([18, 10, 10, 4, 0, 8, 8])
    expect(ofRows(weights.totalTicks)).toEqual([5, 4, 4, 2, 1, 1, 1])
  })

  test('by the CPU clock leave out what was waited for', () => {
    const weights = weigh(rows, { ...WHOLE_RUN, clock: 'cpu' })
    expect(ownMs(weights.self)).toEqual([0, 0, 6, 4, 0, 0, 8])
    expect(weights.self).toBe(weights.selfCpu)
    expect(weights.total).toBe(weights.totalCpu)
  })

  test('of one thread leave out the others', () => {
    const weights = weigh(rows, { ...WHOLE_RUN, thread: 1 })
    expect(totalMs(weights.total)).toEqual([8, 0, 0, 0, 0, 8, 8])
  })

  test('of a time range have the part of each sample that is in it', () => {
    const weights = weigh(rows, { ...WHOLE_RUN, range: { startNs: 5 * MS, endNs: 13 * MS } })
    expect(ownMs(weights.self)).toEqual([0, 0, 3, 5, 0, 0, 3])
    expect(ownMs(weights.selfCpu)).toEqual([0, 0, 3, 2, 0, 0, 3])
  })

  test.each(SEEDS)('of ranges side by side add up to the whole, session %i', (seed) => {
    const random = stackRows(randomSession(seed))
    const whole = weigh(random)
    const parts = [0, 7, 31, 64, Infinity].slice(1).map((end, place, ends) => {
      const start = place ? ends[place - 1] : -Infinity
      return weigh(random, { ...WHOLE_RUN, range: { startNs: start * MS, endNs: end * MS } })
    })
    const sum = whole.total.map((_, place) => parts.reduce((ns, part) => ns + part.total[place], 0))
    expect(sum).toEqual(whole.total)
  })
})

test.each(SEEDS.slice(0, 12))('a weigher finds what one pass over all samples does, session %i', (seed) => {
  const rows = stackRows(randomSession(seed))
  const weigher = new Weigher(rows)
  const ends = [-Infinity, 3.5, 31, 64, Infinity].map((ms) => ms * MS)
  const ranges = ends.flatMap((startNs) => ends.map((endNs) => ({ startNs, endNs })))
  for (const clock of ['wall', 'cpu'] as const) {
    for (const thread of [null, ...rows.lanes.map((lane) => lane.thread)]) {
      for (const range of [null, ...ranges.filter(({ startNs, endNs }) => startNs < endNs)]) {
        const choice = { clock, thread, range }
        expect(weigher.weigh(choice)).toEqual(weigh(rows, choice))
      }
    }
  }
})

test('rows of functions that are looked through have their callers\' time', () => {
  const rows = rowsOf({ samples: ['main;load;find;module 3', 'main;find;find 2', 'main;module 1'] })
  const { functions } = rows.functions
  const idOf = (name: string) => functions.findIndex((code) => code.name === name)
  const skipped = functions.map(({ name }) => name === 'load' || name === 'find')
  const keys = lookedThrough(rows, rows.function, skipped)
  const totals = totalsByKey(rows, weigh(rows), keys, functions.length)
  const found = ['main', 'load', 'find', 'module'].map((name) => [
    totals.self[idOf(name)] / MS,
    totals.total[idOf(name)] / MS,
  ])
  expect(found).toEqual([
    [2, 6],
    [0, 0],
    [0, 0],
    [4, 4],
  ])
  expect(lookedThrough(rows, rows.function, functions.map(() => false))).toBe(rows.function)
})

describe('totals by key', () => {
  test('count recursion once', () => {
    const rows = rowsOf({ samples: ['main;f;g;f 5', 'main;f 2', 'main;g;g 3'] })
    const { functions } = rows.functions
    const totals = totalsByKey(rows, weigh(rows), rows.function, functions.length)
    const ms = (times: Float64Array, id: number) => times[id] / MS
    const found = functions.map(({ name, id }) => [name, ms(totals.self, id), ms(totals.total, id)])
    expect(found).toEqual([
      ['main', 0, 10],
      ['f', 7, 7],
      ['g', 3, 8],
      ['[root]', 0, 10],
      ['[self]', 0, 0],
    ])
  })
})
