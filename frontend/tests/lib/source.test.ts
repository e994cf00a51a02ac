import { describe, expect, test } from 'vitest'
import { fileTimes } from '../../src/lib/source/file-times'
import { sourceLines } from '../../src/lib/source/source-lines'
import { stackRows } from '../../src/lib/rows/stack-rows'
import { weigh } from '../../src/lib/rows/weights'
import { madeUpSession } from '../support/made-up-session'

const rows = stackRows(
  madeUpSession({
    samples: [
      'main@/app/main.py:3;f@/app/work.py:7;f@/app/work.py:8 4',
      'main@/app/main.py:3;f@/app/work.py:7;loads@/usr/lib/python3.12/json.py:9 5',
      'main@/app/main.py:2;len@<built-in> 1',
    ],
    sources: { '/app/work.py': { 5: 'def f(n):', 7: '    f(n - 1)', 8: '    return n' } },
  }),
)
const weights = weigh(rows)

describe('source', () => {
  test('files are whose the reader says', () => {
    const isOwn = ({ file }: { file: string }) => file.endsWith('json.py')
    const found = fileTimes(rows, weights, rows.function, isOwn)
    expect(found.filter((one) => one.isApplicationCode).map(({ shortFile }) => shortFile)).toEqual([
      'json.py',
    ])
  })

  test('files come by time, built-in functions have none', () => {
    expect(fileTimes(rows, weights)).toEqual([
      {
        file: '/app/main.py',
        shortFile: 'main.py',
        isApplicationCode: true,
        selfNs: 0,
        totalNs: 10e6,
      },
      {
        file: '/app/work.py',
        shortFile: 'work.py',
        isApplicationCode: true,
        selfNs: 4e6,
        totalNs: 9e6,
      },
      {
        file: '/usr/lib/python3.12/json.py',
        shortFile: 'json.py',
        isApplicationCode: false,
        selfNs: 5e6,
        totalNs: 5e6,
      },
    ])
  })

  test('lines are those that ran and those whose text is known', () => {
    const lines = sourceLines(rows, weights, '/app/work.py').map(
      ({ line, text, selfNs, totalNs, code, isAfterGap }) =>
        [line, text, selfNs / 1e6, totalNs / 1e6, code?.name ?? null, isAfterGap] as const,
    )
    expect(lines).toEqual([
      [5, 'def f(n):', 0, 0, null, true],
      [7, '    f(n - 1)', 0, 9, 'f', true],
      [8, '    return n', 4, 4, 'f', false],
    ])
    expect(sourceLines(rows, weights, '/app/main.py').map(({ line, text }) => [line, text])).toEqual(
      [
        [2, null],
        [3, null],
      ],
    )
  })
})
