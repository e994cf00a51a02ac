import { describe, expect, test } from 'vitest'
import { rankOf } from '../../src/lib/code/profiled-function'
import { DEFAULT_FILTER, type Filter, chainOf } from '../../src/lib/filter/filter'
import { bottomUp } from '../../src/lib/flame/bottom-up'
import { Emphasis, emphasisOf, frameEmphasis } from '../../src/lib/flame/emphasis'
import {
  type FlameLayout,
  NO_FRAME,
  calleesOf,
  frameAt,
  frameOfPath,
  levelCount,
  levelOf,
  pathOfFrame,
  waitingTotals,
} from '../../src/lib/flame/flame-layout'
import { topDown } from '../../src/lib/flame/top-down'
import { eachVisible } from '../../src/lib/flame/visible-frames'
import { callPaths, pathTimes } from '../../src/lib/rows/call-paths'
import { stackRows } from '../../src/lib/rows/stack-rows'
import { weigh } from '../../src/lib/rows/weights'
import type { Session } from '../../src/lib/session/session'
import { inOneGo } from '../../src/lib/slices'
import { callTree } from '../../src/lib/tree/apply-chain'
import { shownRoots } from '../../src/lib/tree/shown-roots'
import { madeUpSession, randomSession } from '../support/made-up-session'

const MS = 1_000_000
const FILTERS: [string, Partial<Filter>][] = [
  ['as usual', {}],
  ['folded', { foldRecursion: true }],
  ['of one thread', { thread: 0 }],
  ['of a time range', { range: { startNs: 20 * MS, endNs: 70 * MS } }],
  ['with all', { removeImportlib: false, removeTracebackhide: false, removeCommand: false }],
]
const CASES = Array.from({ length: 40 }, (_, seed) => seed).flatMap((seed) =>
  FILTERS.map(([words, change]) => [seed, words, change] as const),
)

function laidOut(session: Session, change: Partial<Filter> = {}) {
  const filter = { ...DEFAULT_FILTER, threshold: 0, ...change }
  const rows = stackRows(session)
  const weights = weigh(rows, filter)
  const chain = chainOf(filter)
  const tree = callTree(rows, weights, chain)
  const { functions } = rows.functions
  const skipped = functions.map((code) => chain.rules.skips.some((skips) => skips(code)))
  const paths = inOneGo(callPaths(rows, skipped, filter.foldRecursion))
  const roots = shownRoots(tree, paths)
  const times = pathTimes(paths, weights.self)
  const rank = rankOf(functions)
  const down = topDown(paths, times, roots, rank)
  const up = bottomUp(paths, times, roots, rank, rows.functions.root.id)
  return { rows, tree, functions, down, up, roots, paths, times, rank }
}

/** By path of functions: milliseconds. Paths that occur more than once are added up. */
function byPath(layout: FlameLayout, times: Float64Array): Map<string, number> {
  const found = new Map<string, number>()
  for (let frame = 0; frame < layout.count; frame++) {
    const path = pathOfFrame(layout, frame).join('.')
    found.set(path, (found.get(path) ?? 0) + times[frame] / MS)
  }
  return found
}

function faultOf(layout: FlameLayout): string | null {
  const { start, total, parent } = layout
  for (let frame = 1; frame < layout.count; frame++) {
    const below = parent[frame]
    if (levelOf(layout, frame) !== levelOf(layout, below) + 1) return `${frame} is levels off`
    const end = start[below] + total[below]
    if (start[frame] < start[below] || start[frame] + total[frame] > end) return `${frame} is out`
    const before = frame - 1
    if (levelOf(layout, before) !== levelOf(layout, frame)) continue
    if (start[before] + total[before] > start[frame]) return `${frame} overlaps`
    if (parent[before] === below && below && total[before] < total[frame]) return `${frame} is late`
  }
  return null
}

describe('the flame graph', () => {
  test.each(CASES)('has the frames of the call tree, session %i %s', (seed, _, change) => {
    const { tree, down } = laidOut(randomSession(seed), change)
    const total = new Map<string, number>()
    const self = new Map<string, number>()
    for (const node of tree.root ?? []) {
      if (node.isSelf) continue
      const path = node.path.join('.')
      total.set(path, node.totalNs / MS)
      self.set(path, node.selfNs / MS)
    }
    expect(byPath(down, down.total)).toEqual(total)
    expect(byPath(down, down.self)).toEqual(self)
    expect(faultOf(down)).toBe(null)
  })

  test.each(CASES)('bottom-up has each stack reversed, session %i %s', (seed, _, change) => {
    const { rows, down, up } = laidOut(randomSession(seed), change)
    const expected = new Map<string, number>()
    for (let frame = 0; frame < down.count; frame++) {
      if (!down.self[frame]) continue
      const root = rows.functions.root.id
      const callers = pathOfFrame(down, frame).reverse()
      const reversed = [root, ...callers.filter((code) => code !== root)]
      for (let length = 1; length <= reversed.length; length++) {
        const path = reversed.slice(0, length).join('.')
        expected.set(path, (expected.get(path) ?? 0) + down.self[frame] / MS)
      }
    }
    expect(byPath(up, up.total)).toEqual(expected)
    expect(faultOf(up)).toBe(null)
  })

  test.each(CASES)('is found again by place and path, session %i %s', (seed, _, change) => {
    const { down } = laidOut(randomSession(seed), change)
    for (let frame = 0; frame < down.count; frame++) {
      const level = levelOf(down, frame)
      expect(frameAt(down, level, down.start[frame])).toBe(frame)
      expect(frameAt(down, level, down.start[frame] + down.total[frame])).not.toBe(frame)
      expect(frameOfPath(down, pathOfFrame(down, frame))).toBe(frame)
      const [from, to] = calleesOf(down, frame)
      const callees = [...down.parent.keys()].filter((n) => n && down.parent[n] === frame)
      expect([...Array(to - from).keys()].map((n) => n + from)).toEqual(callees)
    }
    expect(frameAt(down, levelCount(down), 0)).toBe(NO_FRAME)
  })

  test('is empty where no time is left', () => {
    const { down, up } = laidOut(madeUpSession({ samples: [] }))
    expect([down.count, levelCount(down), up.count]).toEqual([0, 0, 0])
    expect(frameOfPath(down, [1])).toBe(NO_FRAME)
  })

  test('leaves out what nobody could see, and says where', () => {
    const { down, functions } = laidOut(madeUpSession({ samples: ['main;a 100001', 'main;b 1'] }))
    const names = Array.from(down.code, (code) => functions[code].name)
    expect(names).toEqual(['main', 'a'])
    expect([...down.isCut]).toEqual([1, 0])
  })

  test('bottom-up stops where it would take too long, largest frames last', () => {
    const { paths, times, roots, rank, rows, functions } = laidOut(
      madeUpSession({ samples: ['main;a;x 9', 'main;b;x 2', 'main;y 1'] }),
    )
    const limits = { frames: 4, steps: 1000 }
    const up = bottomUp(paths, times, roots, rank, rows.functions.root.id, limits)
    const names = Array.from(up.code, (code) => functions[code].name)
    expect(names).toEqual(['[root]', 'x', 'y', 'a', 'b'])
    expect([...up.isCut]).toEqual([0, 0, 1, 1, 1])
  })

  test('has what waited at the last frame of its stack, or of what is left of it', () => {
    const calls = ['main;read 8 cpu=1', 'main;read;parse 4 cpu=4', 'main;tiny 1 cpu=0']
    const samples = [...calls, 'main 87 cpu=80']
    const { paths, roots, rank, rows, functions } = laidOut(madeUpSession({ samples }))
    const { self, selfCpu } = weigh(rows)
    const times = pathTimes(paths, self, selfCpu)
    const waited = (layout: FlameLayout) =>
      Array.from(layout.code, (code, frame) => [functions[code].name, layout.waiting[frame] / MS])
    const whole = rows.functions.root.id
    expect(waited(topDown(paths, times, roots, rank, 0.02))).toEqual([
      ['main', 8],
      ['read', 7],
      ['parse', 0],
    ])
    expect(waited(bottomUp(paths, times, roots, rank, whole, { frames: 5, steps: 4 }))).toEqual([
      ['[root]', 0],
      ['main', 7],
      ['read', 7],
      ['parse', 0],
      ['tiny', 1],
    ])
    const inAll = waitingTotals(topDown(paths, times, roots, rank))
    expect([...inAll].map((ns) => ns / MS)).toEqual([15, 7, 1, 0])
  })

  test.each(['f', ''])('may be 100,000 levels high (%s)', (name) => {
    const names = Array.from({ length: 100_000 }, (_, depth) => name || `f${depth % 3}`)
    const { down, up } = laidOut(madeUpSession({ samples: [`${names.join(';')} 5`] }))
    expect([levelCount(down), levelCount(up)]).toEqual([100_000, 100_001])
    expect(levelOf(down, 77_777)).toBe(77_777)
    expect(frameOfPath(down, pathOfFrame(down, 99_999))).toBe(99_999)
  })
})

describe('frames in view', () => {
  test.each(CASES.slice(0, 60))('are all that is there, once, session %i %s', (seed, _, change) => {
    const { down } = laidOut(randomSession(seed), change)
    const extent = { startNs: down.wholeNs * 0.2, endNs: down.wholeNs * 0.7 }
    for (const leastNs of [1, 5 * MS, 40 * MS]) {
      const found: number[] = []
      for (let level = 0; level < levelCount(down); level++) {
        eachVisible(down, level, extent, leastNs, (first, end) => {
          for (let frame = first; frame < end; frame++) {
            found.push(frame)
            if (end - first > 1) expect(down.total[frame]).toBeLessThan(leastNs)
          }
        })
      }
      const expected = [...down.code.keys()].filter(
        (frame) =>
          down.start[frame] < extent.endNs &&
          down.start[frame] + down.total[frame] > extent.startNs,
      )
      expect(found).toEqual(expected)
    }
  })
})

test('code is as strong as the filter says, and code of a string as its caller', () => {
  const session = madeUpSession({
    samples: ['main;own@<string>;lib@/usr/lib/python3.12/json.py;theirs@<string> 5', '[await] 1'],
  })
  const { down, functions } = laidOut(session)
  const named = (options: { show: RegExp | null; hide: RegExp | null }) => {
    const found = frameEmphasis(down, emphasisOf(functions, options))
    return Object.fromEntries(
      Array.from(found, (own, frame) => [functions[down.code[frame]].name, own]),
    )
  }
  const { LIGHT, STRONG, STAND_IN } = Emphasis
  const usual = { main: STRONG, own: STRONG, lib: LIGHT, theirs: LIGHT }
  const standIns = { '[root]': STAND_IN, '[await]': STAND_IN }
  expect(named({ show: null, hide: null })).toEqual({ ...usual, ...standIns })
  expect(named({ show: /^.*json/, hide: null })).toMatchObject({ lib: STRONG, theirs: STRONG })
  expect(named({ show: null, hide: /^\/app/ })).toMatchObject({ main: LIGHT, own: LIGHT })
})
