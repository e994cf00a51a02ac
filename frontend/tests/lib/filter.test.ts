import { describe, expect, test } from 'vitest'
import { chipsOf } from '../../src/lib/filter/chips'
import { DEFAULT_FILTER, chainOf, patternFault } from '../../src/lib/filter/filter'
import { pythonPattern } from '../../src/lib/filter/python-pattern'
import { matchedNs, matchingLocations, parseSearch } from '../../src/lib/filter/search'
import { stackRows } from '../../src/lib/rows/stack-rows'
import { weigh } from '../../src/lib/rows/weights'
import { madeUpSession } from '../support/made-up-session'

describe('a pattern in the spelling of Python', () => {
  test.each([
    ['/usr', '/usr/lib/x.py', true],
    ['lib', '/usr/lib/x.py', false],
    ['.*/lib/', '/usr/lib/x.py', true],
    // What fnmatch makes of */requests/*, before and after Python 3.9.
    ['(?s:.*/requests/.*)\\Z', '/x/requests/api.py', true],
    ['(?s:(?>.*?/requests/).*)\\Z', '/x/requests/api.py', true],
    ['(?s:.*/requests/.*)\\Z', '/x/urllib/api.py', false],
    ['(?i)/USR', '/usr/x.py', true],
    ['(?P<a>x)(?P=a)', 'xx', true],
    ['[(?P<]', '(', true],
    ['\\(?', '(', true],
    ['a|b', 'b', true],
    ['a|b', 'cb', false],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(pythonPattern(pattern)!.test(path)).toBe(expected)
  })

  test('may be empty, or a fault in words', () => {
    expect(pythonPattern('')).toBe(null)
    expect(patternFault('a(')).toMatch(/^a\( is no regular expression: /)
    expect(patternFault('a')).toBe(null)
    expect(chainOf({ ...DEFAULT_FILTER, hide: 'a(' }).options.hide).toBe(null)
  })
})

describe('search', () => {
  const rows = stackRows(
    madeUpSession({
      samples: [
        'main;Parse@/app/pkg/parser.py:42;Parse@/app/pkg/parser.py:43 5',
        'main;Parse@/app/pkg/parser.py:50 1',
        'main;sort@/app/other.py:42 4',
      ],
    }),
  )
  const weights = weigh(rows)

  test.each([
    ['parse', 6],
    ['pkg/', 6],
    ['/^Pa/', 6],
    ['/^pa/', 0],
    ['/^pa/i', 6],
    ['parser.py:42', 5],
    ['pkg/parser.py:43-60', 6],
    ['arser.py:42', 0],
    ['/app/other.py:42', 4],
    ['nothing', 0],
  ])('%s matches %i ms, recursion once', (typed, expected) => {
    const matching = matchingLocations(rows.functions, rows.session.locations, parseSearch(typed)!)
    expect(matchedNs(rows, weights, matching) / 1e6).toBe(expected)
  })

  test('of nothing is nothing, of a broken expression a fault', () => {
    expect(parseSearch('  ')).toBe(null)
    expect(() => parseSearch('/a(/')).toThrow(/^\/a\(\/: /)
  })
})

test('chips say what is in force, and what is left without each', () => {
  expect(chipsOf(DEFAULT_FILTER, String)).toEqual([])
  const filter = { ...DEFAULT_FILTER, thread: 1, threshold: 0, groupLibraries: false }
  const chips = chipsOf(filter, (thread) => `worker-${thread}`)
  expect(chips.map(({ label }) => label)).toEqual([
    'thread: worker-1',
    'any share',
    'library calls shown',
  ])
  expect(chips[0].without).toEqual({ ...filter, thread: null })
})
