import { describe, expect, test } from 'vitest'
import { callPaths, pathAtDepth, pathTimes } from '../../src/lib/rows/call-paths'
import { type StackRows, stackRows } from '../../src/lib/rows/stack-rows'
import { ownOf } from '../../src/lib/rows/stretches'
import { weigh } from '../../src/lib/rows/weights'
import { inOneGo } from '../../src/lib/slices'
import { madeUpSession, randomSession } from '../support/made-up-session'

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed)
const CHOICES = SEEDS.flatMap((seed) => [false, true].map((fold) => [seed, fold] as const))

/** The functions of a row, from the first on, as somebody would write them down. */
function plainPath(rows: StackRows, row: number, skipped: readonly boolean[], fold: boolean) {
  const found: number[] = []
  for (; row; row = rows.parent[row]) found.unshift(rows.function[row])
  const kept = found.filter((code) => !skipped[code])
  return kept.filter((code, place) => !fold || code !== kept[place - 1]).join('.')
}

describe('call paths', () => {
  test.each(CHOICES)('are what rows have in common, session %i, folded: %s', (seed, fold) => {
    const rows = stackRows(randomSession(seed))
    const skipped = rows.functions.functions.map((code) => code.hidden)
    const paths = inOneGo(callPaths(rows, skipped, fold))
    const textOf = (path: number) => {
      const found: number[] = []
      for (; path; path = paths.parent[path]) found.unshift(paths.code[path])
      return found.join('.')
    }
    const ofRows = Array.from(paths.ofRow, textOf)
    const expected = ofRows.map((_, row) => plainPath(rows, row, skipped, fold))
    expect(ofRows).toEqual(expected)
    expect(paths.count).toBe(new Set(expected).size)
  })

  test.each(SEEDS)('have the time of their rows, and know what is below, session %i', (seed) => {
    const rows = stackRows(randomSession(seed))
    const paths = inOneGo(callPaths(rows, new Array(rows.functions.functions.length).fill(false), false))
    const weights = weigh(rows)
    const times = pathTimes(paths, weights.self)
    for (let path = 0; path < paths.count; path++) {
      let [self, total] = [0, 0]
      for (let row = 0; row < rows.count; row++) {
        if (paths.ofRow[row] === path) self += ownOf(rows.stretches, weights.self, row)
        const isAbove = path <= paths.ofRow[row] && paths.ofRow[row] < paths.end[path]
        if (isAbove) total += ownOf(rows.stretches, weights.self, row)
      }
      const { stretches } = paths
      const found = [ownOf(stretches, times.self, path), times.total[stretches.of[path]]]
      expect(found).toEqual([self, total])
      for (let below = path; below; below = paths.parent[below]) {
        expect(pathAtDepth(paths, path, paths.depth[below])).toBe(below)
      }
    }
  })

  test('may be 100,000 calls long', () => {
    const names = Array.from({ length: 100_000 }, (_, depth) => (depth % 2 ? 'f' : 'g'))
    const rows = stackRows(madeUpSession({ samples: [`${names.join(';')} 5`] }))
    const paths = inOneGo(callPaths(rows, [false, false, false, false], false))
    expect(paths.count).toBe(100_001)
    expect(pathAtDepth(paths, 100_000, 54_321)).toBe(54_321)
  })
})
