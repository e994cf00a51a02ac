import { describe, expect, test } from 'vitest'
import { DEFAULT_FILTER, type Filter, chainOf } from '../../src/lib/filter/filter'
import { callPaths } from '../../src/lib/rows/call-paths'
import { sampleColumns } from '../../src/lib/rows/sample-columns'
import { stackRows } from '../../src/lib/rows/stack-rows'
import { weigh } from '../../src/lib/rows/weights'
import type { Session } from '../../src/lib/session/session'
import { inOneGo } from '../../src/lib/slices'
import { laneSamples } from '../../src/lib/timeline/lane-samples'
import { LongestSample } from '../../src/lib/timeline/longest-sample'
import { eachSegment } from '../../src/lib/timeline/segments'
import { eachSpan, eachWait, pathAt, sampleAt, spanAround } from '../../src/lib/timeline/spans'
import { type TimelineLane, timelineLanes } from '../../src/lib/timeline/timeline-lanes'
import { callTree } from '../../src/lib/tree/apply-chain'
import { shownRoots } from '../../src/lib/tree/shown-roots'
import { madeUpSession, randomSession } from '../support/made-up-session'

const MS = 1_000_000
const SEEDS = Array.from({ length: 60 }, (_, seed) => seed)
const ALL = { startNs: 0, endNs: Infinity }
const ALL_LEVELS = { from: 0, to: Infinity }

function lanesOf(session: Session, change: Partial<Filter> = {}) {
  const filter = { ...DEFAULT_FILTER, threshold: 0, ...change }
  const rows = stackRows(session)
  const chain = chainOf(filter)
  const tree = callTree(rows, weigh(rows, filter), chain)
  const { functions } = rows.functions
  const skipped = functions.map((code) => chain.rules.skips.some((skips) => skips(code)))
  const paths = inOneGo(callPaths(rows, skipped, filter.foldRecursion))
  const all = sampleColumns(rows)
  const lanes = timelineLanes(rows, paths, shownRoots(tree, paths), (thread) => {
    return inOneGo(laneSamples(rows, all[thread].samples))
  })
  return { rows, paths, lanes, names: functions.map((code) => code.name) }
}

/** `name level start end` in milliseconds, sorted. */
function spansOf({ paths, names }: ReturnType<typeof lanesOf>, lane: TimelineLane, binNs = 1) {
  const found: string[] = []
  eachSpan(lane, paths, ALL, binNs, ALL_LEVELS, (start, end, level, path) => {
    found.push(`${names[paths.code[path]]} ${level} ${start / MS} ${end / MS}`)
  })
  return found.sort()
}

/** Sample by sample, level by level. */
function plainSpans({ paths, names }: ReturnType<typeof lanesOf>, lane: TimelineLane) {
  const found: string[] = []
  for (let level = 0; level < lane.levels; level++) {
    let open: { path: number; start: number; end: number } | null = null
    const close = () => {
      if (open === null) return
      const name = names[paths.code[open.path]]
      found.push(`${name} ${level} ${open.start / MS} ${open.end / MS}`)
      open = null
    }
    for (let sample = 0; sample < lane.startNs.length; sample++) {
      let path: number | null = lane.pathOf(sample)
      if (paths.depth[path] < lane.baseDepth + level) path = null
      else while (paths.depth[path] > lane.baseDepth + level) path = paths.parent[path]
      const [start, end] = [lane.startNs[sample], lane.endNs[sample]]
      if (open && (open.path !== path || open.end !== start)) close()
      if (path === null) continue
      open ??= { path, start, end }
      open.end = end
    }
    close()
  }
  return found.sort()
}

/** With gaps: the made-up samples of a thread follow each other. */
function withGaps(seed: number): Session {
  const session = randomSession(seed)
  session.samples.startNs.forEach((start, sample) => {
    session.samples.startNs[sample] = start + Math.floor(sample / (5 + (seed % 7))) * 2 * MS
  })
  return session
}

describe('the timeline', () => {
  test.each(SEEDS)('has a span as long as its samples follow each other, session %i', (seed) => {
    const made = lanesOf(withGaps(seed))
    for (const lane of made.lanes) expect(spansOf(made, lane)).toEqual(plainSpans(made, lane))
  })

  test.each(SEEDS)('knows each whole span from any sample in it, session %i', (seed) => {
    const made = lanesOf(withGaps(seed))
    const { paths, names, lanes } = made
    for (const lane of lanes) {
      const found = new Set<string>()
      for (let sample = 0; sample < lane.startNs.length; sample++) {
        for (let level = 0; level < lane.levels; level++) {
          const span = spanAround(lane, paths, sample, level, 0)
          if (span === null) continue
          const times = `${span.startNs / MS} ${span.endNs / MS}`
          found.add(`${names[paths.code[span.path]]} ${level} ${times}`)
        }
      }
      expect([...found].sort()).toEqual(plainSpans(made, lane))
    }
  })

  test('begins with the program, whatever ran it', () => {
    const command = '_run_module_as_main@<frozen runpy>'
    const own = 'main@/usr/lib/python3.12/site-packages/pyinstrument/app.py'
    const { lanes, ...made } = lanesOf(
      madeUpSession({ samples: [`${command};${own};<module>;a 90`, `${command};${own} 1`] }),
    )
    expect(spansOf({ lanes, ...made }, lanes[0])).toEqual(['<module> 0 0 91', 'a 1 0 90'])
  })

  test('has a lane for each thread with time, without the thread itself in it', () => {
    const made = lanesOf(
      madeUpSession({ samples: ['a 2', 'b 5 thread=1', 'c 1 thread=1'], threads: ['Main', 'other'] }),
    )
    expect(made.lanes.map((lane) => [lane.title, spansOf(made, lane)])).toEqual([
      ['Main', ['a 0 0 2']],
      ['other', ['b 0 0 5', 'c 0 5 6']],
    ])
    const alone = lanesOf(made.rows.session, { thread: 1 })
    expect(alone.lanes.map((lane) => [lane.title, spansOf(alone, lane)])).toEqual([
      ['other', ['b 0 0 5', 'c 0 5 6']],
    ])
  })

  test('tells when a thread waited', () => {
    const samples = ['a 3', 'a;b 4 cpu=1', 'a;b 2 cpu=0', 'a 5', 'a;[await] 6 state=2']
    const { lanes, paths } = lanesOf(madeUpSession({ samples }))
    const found: number[][] = []
    eachWait(lanes[0], paths, ALL, 1, (start, end, levels) => {
      found.push([start / MS, end / MS, levels])
    })
    expect(found).toEqual([
      [3, 9, 2],
      [14, 20, 2],
    ])
  })

  test('knows what is at a place, and that there is nothing in a gap', () => {
    const session = madeUpSession({ samples: ['a;b 3', 'a 2'] })
    session.samples.startNs[1] = 10 * MS
    const { lanes, paths, names } = lanesOf(session)
    const at = (ms: number, level: number) => {
      const path = pathAt(lanes[0], paths, sampleAt(lanes[0], ms * MS), level)
      return path === null ? null : names[paths.code[path]]
    }
    expect([at(0, 0), at(2, 1), at(3, 0), at(10, 1), at(11, 0), at(12, 0)]).toEqual([
      'a',
      'b',
      null,
      null,
      'a',
      null,
    ])
  })
})

describe('the level of detail', () => {
  test.each(SEEDS)('shows the longest sample of each pixel, session %i', (seed) => {
    const { lanes } = lanesOf(withGaps(seed))
    for (const lane of lanes) {
      const durations = lane.endNs.map((end, sample) => end - lane.startNs[sample])
      for (const binNs of [2 * MS, 9 * MS, 50 * MS]) {
        let last = -1
        eachSegment(lane, ALL, binNs, (start, end, shown) => {
          const own = [...durations.keys()].filter(
            (n) => n > last && lane.startNs[n] >= start && lane.endNs[n] <= end,
          )
          expect(own[0]).toBe(last + 1)
          expect([start, end]).toEqual([lane.startNs[own[0]], lane.endNs[own.at(-1)!]])
          expect(durations[shown]).toBe(Math.max(...own.map((n) => durations[n])))
          expect(own.length === 1 || end - start <= binNs * 2).toBe(true)
          last = own.at(-1)!
        })
        expect(last).toBe(durations.length - 1)
      }
    }
  })

  test.each(SEEDS)('is the same wherever the view begins, session %i', (seed) => {
    const { lanes } = lanesOf(withGaps(seed))
    for (const lane of lanes) {
      const segments = (startNs: number, endNs: number) => {
        const found: [number, number, number][] = []
        eachSegment(lane, { startNs, endNs }, 7 * MS, (...segment) => found.push(segment))
        return found
      }
      const [from, to] = [31 * MS, 90 * MS]
      const expected = segments(0, Infinity).filter(([start, end]) => start < to && end > from)
      expect(segments(from, to)).toEqual(expected)
    }
  })

  test('of a million samples has about two segments a pixel', () => {
    const count = 1_000_000
    const startNs = Float64Array.from({ length: count }, (_, sample) => sample * MS)
    const endNs = startNs.map((start) => start + MS)
    const longest = new LongestSample(new Float64Array(count).fill(MS))
    const lane = { startNs, endNs, longest } as TimelineLane
    let found = 0
    eachSegment(lane, { startNs: 0, endNs: count * MS }, (count * MS) / 1000, () => found++)
    expect(found).toBeLessThanOrEqual(2001)
  })

  test.each(SEEDS)('draws levels in view only, session %i', (seed) => {
    const made = lanesOf(withGaps(seed))
    for (const lane of made.lanes) {
      const found: number[] = []
      eachSpan(lane, made.paths, ALL, 1, { from: 1, to: 3 }, (_start, _end, level) => {
        found.push(level)
      })
      const all = plainSpans(made, lane).map((span) => Number(span.split(' ').at(-3)))
      expect(found.length).toBe(all.filter((level) => level === 1 || level === 2).length)
    }
  })
})

test.each(SEEDS)('the longest of a stretch is what looking at each finds, durations %i', (seed) => {
  const durations = Float64Array.from({ length: 1 + (seed % 37) }, (_, n) => (n * 7919 * (seed + 1)) % 11)
  const longest = new LongestSample(durations)
  for (let from = 0; from < durations.length; from++) {
    for (let to = from + 1; to <= durations.length; to++) {
      const own = durations.subarray(from, to)
      expect(longest.among(from, to)).toBe(from + own.indexOf(Math.max(...own)))
    }
  }
})
