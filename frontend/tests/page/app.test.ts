// @vitest-environment happy-dom
import { flushSync, mount, unmount } from 'svelte'
import { afterEach, expect, test } from 'vitest'
import App from '../../src/App.svelte'
import { stateOf } from '../../src/lib/link/fragment'
import { DEFAULT_STATE } from '../../src/lib/link/view-state'
import { MAX_NODES } from '../../src/lib/tree/build-call-tree'
import { Report } from '../../src/state/report.svelte'
import { type MadeUp, madeUpSession } from '../support/made-up-session'

let app: ReturnType<typeof mount> | null = null

afterEach(async () => {
  if (app) await unmount(app)
  app = null
  location.hash = ''
})

function opened(madeUp: MadeUp = { samples: ['main;a 3', 'main;b 1'] }): Report {
  const state = stateOf(location.hash, DEFAULT_STATE)
  const report = new Report(madeUpSession(madeUp), DEFAULT_STATE, state)
  app = mount(App, { target: document.body, props: { report } })
  flushSync()
  return report
}

const tabs = () => [...document.querySelectorAll<HTMLElement>('[role=tab]')]
const selectedTab = () => document.querySelector('[aria-selected=true]')?.textContent?.trim()

test('the page says what was profiled, and begins with the tree', () => {
  opened()
  expect(document.querySelector('h1')?.textContent).toBe('Program: main.py')
  expect(tabs().map((tab) => tab.textContent?.trim())).toEqual([
    'Tree',
    'Flame',
    'Timeline',
    'Functions',
    'Source',
  ])
  expect(selectedTab()).toBe('Tree')
})

test('the address follows what is chosen', () => {
  const report = opened()
  tabs()[1].click()
  report.narrow({ search: 'a' })
  flushSync()
  expect(selectedTab()).toBe('Flame')
  expect(location.hash).toBe('#view=flame&search=a')
})

test('an address opens what it says, and takes the place of what was open', () => {
  location.hash = '#view=source'
  const report = opened()
  expect(selectedTab()).toBe('Source')
  location.hash = '#view=timeline&clock=cpu'
  window.dispatchEvent(new Event('hashchange'))
  flushSync()
  expect(selectedTab()).toBe('Timeline')
  expect(report.filter.clock).toBe('cpu')
})

test('what is in force stands on the page until it is removed', () => {
  const report = opened()
  report.narrow({ threshold: 0 })
  flushSync()
  document.querySelector<HTMLElement>('[aria-label="Remove any share"]')!.click()
  flushSync()
  expect(report.state).toEqual(DEFAULT_STATE)
  expect(document.querySelector('[aria-label="In force"]')).toBe(null)
})

test('a run without samples says so', () => {
  opened({ samples: [] })
  expect(document.querySelector('[role=tabpanel]')?.textContent).toContain('No time was recorded.')
})

test('arrow keys move between the tabs', () => {
  opened()
  tabs()[0].dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }))
  flushSync()
  expect([selectedTab(), document.activeElement?.textContent?.trim()]).toEqual(['Source', 'Source'])
})

test('a tree that is too large says what is not there, and what steps of a search leave out', () => {
  const names = Array.from({ length: MAX_NODES + 20 }, (_, at) => `f${at}`)
  const report = opened({ samples: [`${names.join(';')} 5`] })
  report.narrow({ search: 'f1' })
  flushSync()
  const page = () => document.body.textContent!.replace(/\s+/g, ' ')
  expect(page()).toContain('Not opened yet: 1 call, 5 ms in them')
  expect(page()).toContain('steps through opened calls')
  report.show('functions')
  flushSync()
  expect(page()).not.toContain('steps through opened calls')
})

test('the legend explains hatching only where waiting is drawn', () => {
  const report = opened({ samples: ['main;a 3 cpu=1'] })
  const legend = () => document.querySelector('[aria-label=Colours]')!.textContent
  report.show('flame')
  flushSync()
  expect(legend()).toContain('waiting')
  report.narrow({ clock: 'cpu' })
  flushSync()
  expect(legend()).not.toContain('waiting')
})
