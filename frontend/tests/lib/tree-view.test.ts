import { describe, expect, test } from 'vitest'
import { DEFAULT_FILTER, type Filter, chainOf, showingAll } from '../../src/lib/filter/filter'
import { type StackRows, stackRows } from '../../src/lib/rows/stack-rows'
import { weigh } from '../../src/lib/rows/weights'
import { callTree } from '../../src/lib/tree/apply-chain'
import type { CallNode } from '../../src/lib/tree/call-node'
import { rootsOf } from '../../src/lib/tree/call-tree'
import { FoldedGroups } from '../../src/lib/tree/folded-groups'
import { leftOut } from '../../src/lib/tree/left-out'
import { matchCounts } from '../../src/lib/tree/match-counts'
import {
  carriedOver,
  heaviestApplicationNode,
  heavyPath,
  largestNodeOf,
  nothingOpen,
  openAtFirst,
  reveal,
} from '../../src/lib/tree/open-nodes'
import { ownNs } from '../../src/lib/tree/own-time'
import { TreeGrower } from '../../src/lib/tree/tree-grower'
import { treeKey } from '../../src/lib/tree/tree-keys'
import { visibleRows } from '../../src/lib/tree/visible-rows'
import { type MadeUp, madeUpSession, randomSession } from '../support/made-up-session'

const JSON_FILE = '@/usr/lib/python3.12/json/__init__.py'
const LIBRARY: MadeUp = {
  samples: [
    `main;load;loads${JSON_FILE};decode${JSON_FILE};parse${JSON_FILE};scan${JSON_FILE};hook 60`,
    `main;load;loads${JSON_FILE};decode${JSON_FILE};parse${JSON_FILE};scan${JSON_FILE} 10`,
    'main;load 10',
    'main;save 20',
  ],
}

function opened(madeUp: MadeUp, change: Partial<Filter> = {}) {
  return openedRows(stackRows(madeUpSession(madeUp)), change)
}

function openedRows(rows: StackRows, change: Partial<Filter> = {}) {
  const filter = { ...DEFAULT_FILTER, ...change }
  const weights = weigh(rows, filter)
  const tree = callTree(rows, weights, chainOf(filter))
  const folded = new FoldedGroups(tree)
  return { rows, weights, tree, folded, roots: rootsOf(tree), open: openAtFirst(tree, folded) }
}

function drawn({ roots, folded, open }: ReturnType<typeof opened>): string[] {
  return visibleRows(roots, folded, open).map(({ node, depth, hasChildren, isOpen }) => {
    const hidden = folded.behind(node)
    const more = hidden ? ` +${hidden.frames} ${hidden.libraries}` : ''
    return '  '.repeat(depth) + (hasChildren ? (isOpen ? '- ' : '+ ') : '') + node.name + more
  })
}

const named = (root: CallNode, name: string) => [...root].find((node) => node.name === name)!

describe('a tree view', () => {
  test('begins open along the largest calls, with library calls folded', () => {
    expect(drawn(opened(LIBRARY))).toEqual([
      '- main',
      '  - load',
      '    - loads +2 json',
      '      - scan',
      '        hook',
      '    [self]',
      '  save',
    ])
  })

  test('folds two library calls or more that lead nowhere else', () => {
    const samples = [`main;a;loads${JSON_FILE};decode${JSON_FILE};scan${JSON_FILE} 10`, 'main 70']
    expect(drawn(opened({ samples }))).toEqual([
      '- main',
      '  [self]',
      '  - a',
      '    loads +2 json',
    ])
  })

  test('shows what a group hides once it is opened', () => {
    const samples = [`main;a;loads${JSON_FILE};decode${JSON_FILE};scan${JSON_FILE} 10`, 'main 70']
    const view = opened({ samples })
    reveal(view.open, view.folded, named(view.roots[0], 'scan'))
    expect(drawn(view)).toEqual([
      '- main',
      '  [self]',
      '  - a',
      '    - loads +2 json',
      '      - decode',
      '        scan',
    ])
  })

  test('says of each row what a screen reader needs', () => {
    const view = opened({ samples: ['main;a 3', 'main;b 1'] })
    expect(visibleRows(view.roots, view.folded, view.open)).toEqual([
      expect.objectContaining({ depth: 0, position: 1, siblings: 1, parent: -1, isOpen: true }),
      expect.objectContaining({ depth: 1, position: 1, siblings: 2, parent: 0, wholeNs: 4e6 }),
      expect.objectContaining({ depth: 1, position: 2, siblings: 2, parent: 0, isOpen: false }),
    ])
  })

  test('keeps what was open when the filter changes', () => {
    const before = opened(LIBRARY)
    before.open.nodes.delete(named(before.roots[0], 'load'))
    const after = openedRows(before.rows, { threshold: 0 })
    const open = carriedOver(before.open, before.tree, after.tree, () => {})!
    expect(drawn({ ...after, open })).toEqual(['- main', '  + load', '  save'])
    expect(carriedOver(before.open, before.tree, { root: null }, () => {})).toBe(null)
  })

  test('ends its way at the last application frame, of the thread that ran most', () => {
    const view = opened({
      samples: ['a;sleep 90 cpu=1', `work;list.sort${JSON_FILE} 50 thread=1`],
      threads: ['MainThread', 'worker'],
    })
    expect(heaviestApplicationNode(view.tree, view.folded)?.name).toBe('work')
    expect(heaviestApplicationNode({ root: null }, view.folded)).toBe(null)
  })

  test('finds the largest call of a function', () => {
    const { tree, roots } = opened({ samples: ['main;a;b 2', 'main;c;b 5'] })
    const { code } = named(roots[0], 'b')
    expect(largestNodeOf(tree, code.id)?.parent?.name).toBe('c')
    expect(largestNodeOf(tree, 10_000)).toBe(null)
  })

  test('counts the matches behind each row', () => {
    const view = opened(LIBRARY)
    const [main] = view.roots
    const rows = visibleRows(view.roots, view.folded, nothingOpen())
    const matches = ['hook', 'scan', 'main'].map((name) => named(main, name))
    expect([...matchCounts(rows, matches)]).toEqual([[main, 2]])
  })

  test('is drawn however deep it is', () => {
    const depth = 20_000
    const names = Array.from({ length: depth }, (_, at) => `f${at % 7}`).join(';')
    const change = { groupLibraries: false }
    const view = opened({ samples: [`${names} 10`] }, change)
    const grower = new TreeGrower(view.rows, view.weights, chainOf({ ...DEFAULT_FILTER, ...change }))
    const rows = () => visibleRows(view.roots, view.folded, view.open)
    let last = rows().at(-1)!
    for (; last.hasChildren; last = rows().at(-1)!) {
      if (last.node.isCut) grower.grow([last.node])
      for (const node of heavyPath(last.node, view.folded, view.open)) view.open.nodes.add(node)
    }
    expect([rows().length, last.depth, last.node.name]).toEqual([depth, depth - 1, 'f0'])
  })
})

describe('keys', () => {
  const pressed = (key: string, altKey = false) => ({
    key,
    altKey,
    ctrlKey: false,
    metaKey: false,
  })

  function walk(view: ReturnType<typeof opened>, start: string, ...keys: [string, boolean?][]) {
    let node = named(view.roots[0], start)
    for (const [key, altKey] of keys) {
      const rows = visibleRows(view.roots, view.folded, view.open)
      const selected = rows.findIndex((row) => row.node === node)
      const situation = { rows, selected, folded: view.folded, page: 2, ends: new Map() }
      const move = treeKey(pressed(key, altKey), situation)
      move?.edit?.(view.open)
      node = move?.select ?? node
    }
    return [node.name, drawn(view).length]
  }

  test.each<[string, [string, boolean?][], string, number]>([
    ['main', [['ArrowDown'], ['ArrowDown']], 'loads', 7],
    ['main', [['End']], 'save', 7],
    ['save', [['Home']], 'main', 7],
    ['scan', [['PageUp']], 'load', 7],
    ['save', [['ArrowLeft']], 'main', 7],
    ['load', [['ArrowLeft']], 'load', 3],
    ['load', [['ArrowLeft'], ['ArrowRight'], ['ArrowRight']], 'loads', 7],
    ['main', [['ArrowLeft', true]], 'main', 1],
    ['main', [['ArrowLeft', true], ['ArrowRight', true]], 'main', 7],
    ['load', [['Enter']], 'load', 3],
    ['main', [['ArrowLeft', true], ['e']], 'hook', 7],
    ['main', [['ArrowUp']], 'main', 7],
    ['main', [['x']], 'main', 7],
  ])('from %s, %j leads to %s with %i rows', (start, keys, end, rows) => {
    expect(walk(opened(LIBRARY), start, ...keys)).toEqual([end, rows])
  })

  test('open and fold a group of library calls', () => {
    const samples = [`main;a;loads${JSON_FILE};decode${JSON_FILE};scan${JSON_FILE} 10`, 'main 70']
    expect(walk(opened({ samples }), 'loads', ['g'])).toEqual(['loads', 5])
    expect(walk(opened({ samples }), 'loads', ['Enter'], ['Enter'])).toEqual(['loads', 4])
  })

  test('belong to the browser with Ctrl', () => {
    const view = opened(LIBRARY)
    const rows = visibleRows(view.roots, view.folded, view.open)
    const situation = { rows, selected: 0, folded: view.folded, page: 2, ends: new Map() }
    expect(treeKey({ ...pressed('e'), ctrlKey: true }, situation)).toBe(null)
  })
})

describe('what is not shown', () => {
  const NOTHING = { removedNs: 0, cutNs: 0, cutCalls: 0 }

  test('is nothing where nothing is removed', () => {
    for (let seed = 0; seed < 40; seed++) {
      const rows = stackRows(randomSession(seed))
      const weights = weigh(rows)
      const filter = { ...showingAll(DEFAULT_FILTER), removeCommand: false }
      expect(leftOut(callTree(rows, weights, chainOf(filter)), rows, weights)).toEqual(NOTHING)
    }
  })

  test('is the time of the calls that were pruned', () => {
    const { rows, tree, weights, roots } = opened({ samples: ['main;a;b 1', 'main;a 8', 'main;c 991'] })
    expect(leftOut(tree, rows, weights)).toEqual({ ...NOTHING, removedNs: 9e6 })
    expect([...roots[0]].map((node) => [node.name, ownNs(node, rows, weights)])).toEqual([
      ['main', 0],
      ['c', 991e6],
    ])
  })

  test('is, beside that, the time in calls that are not built yet', () => {
    const rows = stackRows(madeUpSession({ samples: ['main;a;b 40', 'main;a 10', 'main;c 2'] }))
    const weights = weigh(rows)
    const chain = chainOf({ ...DEFAULT_FILTER, threshold: 0.1 })
    const small = { ...chain, rules: { ...chain.rules, maxNodes: 1 } }
    const tree = callTree(rows, weights, small)
    expect(leftOut(tree, rows, weights)).toEqual({ removedNs: 2e6, cutNs: 40e6, cutCalls: 1 })
    new TreeGrower(rows, weights, small).growOne(tree.root!.children[0])
    expect(leftOut(tree, rows, weights)).toEqual({ ...NOTHING, removedNs: 2e6 })
  })
})
