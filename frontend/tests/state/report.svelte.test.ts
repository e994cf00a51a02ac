// @vitest-environment happy-dom
// Elsewhere Svelte compiles for a server, where nothing that is derived is kept.
import { flushSync } from 'svelte'
import { afterEach, expect, test } from 'vitest'
import { DEFAULT_STATE } from '../../src/lib/link/view-state'
import { MAX_NODES } from '../../src/lib/tree/build-call-tree'
import { Report } from '../../src/state/report.svelte'
import { madeUpSession } from '../support/made-up-session'

let close = () => {}
afterEach(() => close())

/** A report with something on the page that shows its tree and search, as views do. */
function opened(): Report {
  const session = madeUpSession({
    samples: ['main;a 5 cpu=1', 'main;b 3 thread=1', 'main;a;c 2'],
    threads: ['MainThread', 'worker'],
  })
  const report = new Report(session, DEFAULT_STATE)
  close = $effect.root(() => {
    $effect(() => {
      void [report.tree, report.selectedNode, report.matchedNs]
    })
  })
  flushSync()
  return report
}

test('what is chosen changes the weights, and with them the tree', () => {
  const report = opened()
  expect(report.wholeNs).toBe(10e6)
  report.narrow({ thread: 0 })
  expect(report.wholeNs).toBe(7e6)
  expect(report.tree.root?.name).toBe('MainThread')
  expect(report.chips.map(({ label }) => label)).toEqual(['thread: MainThread'])
})

test('a search leaves weights and tree as they are', () => {
  const report = opened()
  const { weights, tree } = report
  report.narrow({ search: 'a' })
  expect(report.matchedNs).toBe(10e6)
  expect(report.weights).toBe(weights)
  expect(report.tree).toBe(tree)
})

test('a broken search says why, and matches nothing', () => {
  const report = opened()
  report.narrow({ search: '/(/' })
  expect(report.search.fault).toMatch(/^\/\(\/: /)
  expect([report.matching, report.matchedNs]).toEqual([null, 0])
})

test('a selected node is found again in another tree', () => {
  const report = opened()
  const a = report.tree.root!.children[0].children[0].children[0]
  report.selectNode(a)
  expect(report.selectedNode).toBe(a)
  report.narrow({ clock: 'cpu' })
  expect(report.selectedNode).not.toBe(a)
  expect(report.selectedNode?.name).toBe('a')
})

test('a link leads to a call that the tree has no room for', () => {
  const names = Array.from({ length: MAX_NODES + 20 }, (_, at) => `f${at}`)
  const session = madeUpSession({ samples: [`${names.join(';')} 5`] })
  const path = names.map((_, id) => id)
  const last = { code: path.at(-1)!, path, line: null }
  const report = new Report(session, DEFAULT_STATE, { ...DEFAULT_STATE, selection: last })
  expect(report.selectedNode?.name).toBe(names.at(-1))
  report.narrow({ clock: 'cpu' })
  const { tree } = report
  expect(report.selectedNode?.name).toBe(names.at(-1))
  report.select({})
  expect(report.tree).toBe(tree)
})

test('a link of another report selects nothing that is not there', () => {
  const report = opened()
  report.open({
    ...DEFAULT_STATE,
    filter: { ...DEFAULT_STATE.filter, thread: 9 },
    selection: { code: 999, path: [], line: null },
  })
  expect(report.state).toEqual(DEFAULT_STATE)
})

test('times are written in one unit, or as shares', () => {
  const report = opened()
  expect([report.format(5e6), report.unit]).toEqual(['5', 'ms'])
  report.write('percent')
  expect([report.format(5e6), report.format(5e6, 20e6), report.unit]).toEqual([
    '50.0 %',
    '25.0 %',
    '%',
  ])
})
