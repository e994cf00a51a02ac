import { expect, test } from 'vitest'
import { DEFAULT_FILTER, chainOf } from '../../src/lib/filter/filter'
import { stackRows } from '../../src/lib/rows/stack-rows'
import { weigh } from '../../src/lib/rows/weights'
import { treeMarkdown, treeText } from '../../src/lib/text/copy-tree'
import { callTree } from '../../src/lib/tree/apply-chain'
import { FoldedGroups } from '../../src/lib/tree/folded-groups'
import { NodeNames } from '../../src/lib/tree/node-names'
import { type MadeUp, madeUpSession } from '../support/made-up-session'

function reportOf(madeUp: MadeUp) {
  const rows = stackRows(madeUpSession(madeUp))
  const weights = weigh(rows)
  const tree = callTree(rows, weights, chainOf(DEFAULT_FILTER))
  const format = (ns: number) => (ns / 1e9).toFixed(3)
  const names = new NodeNames(rows, weights)
  return { report: { rows, weights, folded: new FoldedGroups(tree), names, format }, tree }
}

const LIBRARY = '@/usr/lib/python3.12/json/__init__.py'
const RUN: MadeUp = {
  samples: [
    `main@/app/main.py:2;load;loads${LIBRARY};decode${LIBRARY};scan${LIBRARY} 15`,
    `main@/app/main.py:2;load;loads${LIBRARY};decode${LIBRARY};parse${LIBRARY} 15`,
    `main@/app/main.py:2;load;loads${LIBRARY};check${LIBRARY} 15`,
    `main@/app/main.py:2;load;loads${LIBRARY};close${LIBRARY} 15`,
    'main@/app/main.py:3;save 30',
    'main@/app/main.py:3 10',
  ],
  sources: { '/app/main.py': { 2: '    load("a`b")', 3: '    save()' } },
  classes: { save: 'Store' },
}

test('a copied call is drawn as on the console', () => {
  const { report, tree } = reportOf(RUN)
  expect(treeText(report, tree.root!)).toBe(
    [
      '0.100 main  main.py:1',
      '│  0.060 :2  load("a`b")',
      '│  0.040 :3  save()',
      '├─ 0.060 load  main.py:1',
      '│  └─ 0.060 loads  json/__init__.py:1',
      '│        [5 frames hidden]  json',
      '├─ 0.030 Store.save  main.py:1',
      '└─ 0.010 [self]  main.py',
      '',
    ].join('\n'),
  )
})

test('Markdown says what ran, and keeps its fence around any source', () => {
  const { report, tree } = reportOf({ ...RUN, sources: { '/app/main.py': { 2: 'a("```")' } } })
  const lines = treeMarkdown(report, tree.root!).split('\n')
  expect([lines[0], lines[2], lines.at(-2)]).toEqual([
    '**Program: main.py** · 1 s · 100 % running, 0 % waiting · 1,000 samples at 1 ms · MainThread',
    '````text',
    '````',
  ])
})

test('a copied call stays narrow however deep it is, and one line a call', () => {
  const names = Array.from({ length: 500 }, (_, at) => `f${at % 3}\u0007x`).join(';')
  const { report, tree } = reportOf({ samples: [`${names} 9`] })
  const lines = treeText(report, tree.root!).trimEnd().split('\n')
  expect(lines).toHaveLength(500)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200)
  expect(lines[81]).toBe('80+ └─ 0.009 f0�x  main.py:1')
})
