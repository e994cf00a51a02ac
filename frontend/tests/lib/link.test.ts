import { describe, expect, test } from 'vitest'
import { DEFAULT_FILTER } from '../../src/lib/filter/filter'
import { fragmentOf, stateOf } from '../../src/lib/link/fragment'
import { DEFAULT_STATE, type ViewState } from '../../src/lib/link/view-state'
import { startState } from '../../src/lib/page'

const BUSY: ViewState = {
  view: 'flame',
  times: 'percent',
  selection: { code: 7, path: [0, 3, 7], line: 42 },
  filter: {
    ...DEFAULT_FILTER,
    clock: 'cpu',
    thread: 2,
    range: { startNs: 5, endNs: 900 },
    search: 'a&b=c#ü /x/',
    threshold: 0.003,
    hide: '.*/lib/',
    show: 'x',
    removeImportlib: false,
    foldRecursion: true,
  },
}

describe('the fragment of an address', () => {
  test('is empty for the start state', () => {
    expect(fragmentOf(DEFAULT_STATE, DEFAULT_STATE)).toBe('')
    expect(fragmentOf(BUSY, { ...BUSY, selection: DEFAULT_STATE.selection })).toBe(
      'at=0.3.7&line=42',
    )
  })

  test('says what differs, and reads as what was written', () => {
    expect(stateOf(`#${fragmentOf(BUSY, DEFAULT_STATE)}`, DEFAULT_STATE)).toEqual(BUSY)
  })

  test('says also what was taken back', () => {
    expect(stateOf(fragmentOf(DEFAULT_STATE, BUSY), BUSY)).toEqual(DEFAULT_STATE)
  })

  test('has no path that is too long for a link', () => {
    const path = Array.from({ length: 5000 }, (_, place) => place)
    const deep = { ...DEFAULT_STATE, selection: { code: 4999, path, line: null } }
    expect(fragmentOf(deep, DEFAULT_STATE)).toBe('at=4999')
  })

  test('may be anything', () => {
    const odd = '#view=x&times=y&clock=z&thread=-1&range=9-3&from=7&fold=maybe&at=1.&line=a&%'
    expect(stateOf(odd, DEFAULT_STATE)).toEqual(DEFAULT_STATE)
  })
})

describe('the start state', () => {
  test('is the usual one unless told otherwise', () => {
    expect(startState({})).toEqual(DEFAULT_STATE)
  })

  test('is what the renderer was told', () => {
    const config = { view: 'timeline', times: 'percent', clock: 'cpu', show_regex: 'x' }
    expect(startState({ ...config, show_all: true })).toEqual({
      ...DEFAULT_STATE,
      view: 'timeline',
      times: 'percent',
      filter: {
        ...DEFAULT_FILTER,
        clock: 'cpu',
        show: 'x',
        threshold: 0,
        removeImportlib: false,
        removeTracebackhide: false,
        groupLibraries: false,
      },
    })
  })
})
