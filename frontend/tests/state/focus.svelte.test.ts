// @vitest-environment happy-dom
// Elsewhere Svelte compiles for a server, where nothing that is derived is kept.
import { flushSync } from 'svelte'
import { afterEach, expect, test } from 'vitest'
import { DEFAULT_STATE } from '../../src/lib/link/view-state'
import { MAX_NODES } from '../../src/lib/tree/build-call-tree'
import { toggleOpen } from '../../src/lib/tree/open-nodes'
import { visibleRows } from '../../src/lib/tree/visible-rows'
import { Focus } from '../../src/state/focus.svelte'
import { Report } from '../../src/state/report.svelte'
import { madeUpSession } from '../support/made-up-session'

let close = () => {}
afterEach(() => close())

/** A report whose tree is on the page. */
function opened(samples: string[]) {
  const report = new Report(madeUpSession({ samples }), DEFAULT_STATE)
  const focus = new Focus(report)
  const rows = () => visibleRows(focus.roots, focus.folded, focus.open)
  close = $effect.root(() => {
    $effect(() => {
      void [rows(), focus.node, focus.matches]
    })
  })
  flushSync()
  return { report, focus, rows }
}

const deep = (calls: number) =>
  `${Array.from({ length: calls }, (_, at) => `f${at}`).join(';')} 5`

test('what was opened in a call that was cut stays open when the filter changes', () => {
  const { report, focus, rows } = opened([deep(MAX_NODES + 20)])
  for (let times = 0; times < 10; times++) {
    const { node } = rows().at(-1)!
    focus.edit((open) => toggleOpen(open, node))
    flushSync()
  }
  expect(rows().at(-1)!.node.name).toBe(`f${MAX_NODES + 9}`)
  report.narrow({ clock: 'cpu' })
  flushSync()
  expect(rows().at(-1)!.node.name).toBe(`f${MAX_NODES + 9}`)
  expect(rows().at(-1)!.hasChildren).toBe(true)
})

test('so does what was opened beside more calls than there is room for', () => {
  const wide = Array.from({ length: MAX_NODES }, (_, at) => `main;w${at} 3`)
  const { report, focus, rows } = opened(['main;small;a;b 2', 'main 100', ...wide])
  report.narrow({ threshold: 0 })
  flushSync()
  for (const name of ['main', 'small', 'a']) {
    const { node } = rows().find((row) => row.node.name === name)!
    focus.edit((open) => toggleOpen(open, node))
    flushSync()
  }
  report.narrow({ clock: 'cpu' })
  flushSync()
  expect(rows().some((row) => row.node.name === 'b')).toBe(true)
})
