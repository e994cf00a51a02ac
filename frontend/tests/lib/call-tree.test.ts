import { describe, expect, test } from 'vitest'
import { DEFAULT_FILTER, type Filter, chainOf, showingAll } from '../../src/lib/filter/filter'
import { REPORT_CHAIN } from '../../src/lib/processors/report-chain'
import { stackRows } from '../../src/lib/rows/stack-rows'
import { weigh } from '../../src/lib/rows/weights'
import { buildTree, callTree } from '../../src/lib/tree/apply-chain'
import { NO_RULES } from '../../src/lib/tree/build-call-tree'
import type { CallNode } from '../../src/lib/tree/call-node'
import { type CallTree, faultOf, nodeAtPath, rootsOf } from '../../src/lib/tree/call-tree'
import { hottestLines, nodeClass, nodeLines } from '../../src/lib/tree/node-lines'
import { TreeGrower } from '../../src/lib/tree/tree-grower'
import { type MadeUp, madeUpSession, randomSession } from '../support/made-up-session'
import { drawn, timeOrderedTree } from '../support/time-ordered-tree'

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed)

function treeOf(madeUp: MadeUp, change: Partial<Filter> = {}) {
  const filter = { ...DEFAULT_FILTER, ...change }
  const rows = stackRows(madeUpSession(madeUp))
  return callTree(rows, weigh(rows, filter), chainOf(filter))
}

describe('the tree of the report', () => {
  test.each(SEEDS)('is what the processors make one by one, session %i', (seed) => {
    const rows = stackRows(randomSession(seed))
    const chain = chainOf({ ...DEFAULT_FILTER, threshold: 0.05 })
    const tree = callTree(rows, weigh(rows), chain)
    let slow = timeOrderedTree(rows)
    for (const processor of REPORT_CHAIN.values()) slow = processor(slow, chain.options)
    expect(faultOf(tree)).toBe(null)
    expect(drawn(tree)).toEqual(drawn(slow))
  })

  test.each(SEEDS)('has the CPU time of its parts, session %i', (seed) => {
    const rows = stackRows(randomSession(seed))
    const tree = buildTree(rows, weigh(rows), { ...NO_RULES, skips: [(code) => code.hidden] })
    for (const node of tree.root ?? []) {
      if (!node.children.length || node.absorbedNs) continue
      const sum = (key: 'cpuNs' | 'ticks') =>
        node.children.reduce((found, child) => found + child[key], 0)
      expect(sum('cpuNs')).toBe(node.cpuNs)
    }
  })

  test('is nothing where no time is left', () => {
    expect(treeOf({ samples: [] })).toEqual({ root: null })
    expect(treeOf({ samples: ['a 3'] }, { range: { startNs: 9e9, endNs: 10e9 } }).root).toBe(null)
  })

  test('begins above the frames that were there before the start', () => {
    const tree = treeOf({ samples: ['outer;begin;a 2', 'outer;begin;b 1'], facts: { stem: 2 } })
    expect(drawn(tree)).toEqual(['begin 3', '  a 2 (2)', '  b 1 (1)'])
  })

  test('has one root a thread, and the thread alone where it is chosen', () => {
    const madeUp = { samples: ['a 2', 'b 5 thread=1'], threads: ['MainThread', 'worker'] }
    expect(drawn(treeOf(madeUp))).toEqual([
      '[root] 7',
      '  MainThread 2',
      '    a 2 (2)',
      '  worker 5',
      '    b 5 (5)',
    ])
    expect(drawn(treeOf(madeUp, { thread: 1 }))).toEqual(['worker 5', '  b 5 (5)'])
  })

  test('shows all where asked to', () => {
    const madeUp = {
      samples: ['main;_find@<frozen importlib._bootstrap>;x@/usr/lib/x.py 1', 'main 999'],
    }
    expect(drawn(treeOf(madeUp))).toEqual(['main 1000 (1000)'])
    expect(drawn(treeOf(madeUp, showingAll(DEFAULT_FILTER)))).toEqual([
      'main 1000',
      '  [self] 999 (999)',
      '  _find 1',
      '    x 1 (1)',
    ])
  })
})

describe('recursion, folded', () => {
  test('is one node with its depth and all of its callees', () => {
    const madeUp = { samples: ['main;f;f;f;g 4', 'main;f;g 3', 'main;f;f 2', 'main;f;h;f 1'] }
    const tree = treeOf(madeUp, { foldRecursion: true })
    expect(drawn(tree)).toEqual([
      'main 10',
      '  f 10',
      '    g 7 (7)',
      '    [self] 2 (2)',
      '    h 1',
      '      f 1 (1)',
    ])
    expect(tree.root!.children[0].recursionDepth).toBe(2)
  })

  test('has the time of a line once', () => {
    const samples = ['main;f@/app/f.py:1;f@/app/f.py:1;f@/app/f.py:2 4', 'main;f@/app/f.py:2 3']
    const rows = stackRows(madeUpSession({ samples }))
    const filter = { ...DEFAULT_FILTER, foldRecursion: true }
    const weights = weigh(rows)
    const tree = callTree(rows, weights, chainOf(filter))
    expect(nodeLines(rows, weights, tree.root!.children[0])).toEqual([
      { line: 1, selfNs: 0, totalNs: 4e6, ticks: 1 },
      { line: 2, selfNs: 7e6, totalNs: 7e6, ticks: 2 },
    ])
  })
})

describe('a stack of 100,000 calls', () => {
  const deep = (names: (depth: number) => string): MadeUp => ({
    samples: [`${Array.from({ length: 100_000 }, (_, depth) => names(depth)).join(';')} 5`],
  })

  test.each([
    ['of one function', () => 'f', {}, 100_000],
    ['of one function, folded', () => 'f', { foldRecursion: true }, 1],
    ['of hidden functions', () => 'f@/usr/lib/python3.12/x.py', {}, 100_000],
    ['of two functions', (depth: number) => (depth % 2 ? 'f' : 'g'), {}, 100_000],
    ['of skipped functions', () => 'f@<frozen importlib._bootstrap>', {}, 1],
    ['of the command', () => 'f@/x/site-packages/pyinstrument/f.py', {}, 1],
  ])('%s makes a tree', (_, names, change, expected) => {
    const rows = stackRows(madeUpSession(deep(names)))
    const [weights, chain] = [weigh(rows), chainOf({ ...DEFAULT_FILTER, ...change })]
    const tree = callTree(rows, weights, chain)
    const grower = new TreeGrower(rows, weights, chain)
    let [count, last] = [0, tree.root]
    for (const node of tree.root ?? []) {
      if (node.isCut) grower.grow([node])
      count++
      last = node
    }
    expect(count).toBe(expected)
    expect(last!.isCut).toBe(false)
    expect(faultOf(tree)).toBe(null)
  })

  test('of what starts a thread makes a tree', () => {
    const [stack] = deep(() => 'run@/usr/lib/python3.12/threading.py').samples
    const tree = treeOf({ samples: ['main 5', `${stack} thread=1`], threads: ['main', 'a'] })
    expect(drawn(tree).slice(-2)).toEqual(['  a 5', '    run 5 (5)'])
  })
})

describe('a tree that gets too large', () => {
  test('has its largest nodes, and says which others were cut', () => {
    const samples = ['main;a;b;c 50', 'main;d;e;f 3', 'main;g;h 2']
    const rows = stackRows(madeUpSession({ samples }))
    const tree = buildTree(rows, weigh(rows), { ...NO_RULES, maxNodes: 6 })
    expect(faultOf(tree)).toBe(null)
    expect(drawn(tree)).toEqual([
      'main 55',
      '  a 50',
      '    b 50',
      '      c 50 (50)',
      '  d 3 (3)',
      '  g 2 (2)',
    ])
    const cut = [...tree.root!].filter((node) => node.isCut).map((node) => node.name)
    expect(cut).toEqual(['d', 'g'])
  })

  const calls = (name: string, depth: number) =>
    Array.from({ length: depth }, (_, at) => `${name}${at}`).join(';')
  const depthOf = (root: CallNode) => [...root].filter((node) => !node.isSynthetic).length
  const wide = (idle: number): MadeUp => ({
    samples: [
      `main;${calls('f', 60)} 10`,
      ...Array.from({ length: idle }, (_, at) => `${calls('wait', 30)} 10 cpu=0 thread=${at + 1}`),
    ],
    threads: ['MainThread', ...Array.from({ length: idle }, (_, at) => `idle-${at}`)],
  })

  test('has the busiest thread before the others, however many these are', () => {
    const [main, ...idle] = rootsOf(treeOf(wide(400)))
    expect(depthOf(main)).toBe(61)
    // Each is there with its first call at least, the first ones whole.
    expect([idle[0], idle.at(-1)!].map(depthOf)).toEqual([30, 1])
    expect(idle.at(-1)!.children[0].isCut).toBe(true)
  })

  test('gives the other threads what the busiest leaves, which is half at least', () => {
    const { rules, ...chain } = chainOf(DEFAULT_FILTER)
    const rows = stackRows(madeUpSession(wide(2)))
    const small = { ...chain, rules: { ...rules, maxNodes: 100 } }
    expect(rootsOf(callTree(rows, weigh(rows), small)).map(depthOf)).toEqual([47, 30, 19])
  })

  test('keeps what a removed command took beside the program once that is grown', () => {
    const command = 'main@/usr/lib/python3/site-packages/pyinstrument/cli.py'
    const samples = [`${command};<module>;a;b 50`, `${command} 5`]
    const rows = stackRows(madeUpSession({ samples }))
    const chain = chainOf(DEFAULT_FILTER)
    const small = { ...chain, rules: { ...chain.rules, maxNodes: 1 } }
    const [tree, whole] = [small, chain].map((rules) => callTree(rows, weigh(rows), rules))
    expect(drawn(tree)).toEqual(['<module> 55 (55)'])
    const grower = new TreeGrower(rows, weigh(rows), chain)
    grower.grow([tree.root!])
    expect(drawn(tree)).toEqual(drawn(whole))
    expect(faultOf(tree)).toBe(null)
  })

  const start = (name: string) => `${name}@/usr/lib/python3.12/threading.py`
  const starts = ['_bootstrap', '_bootstrap_inner', 'run'].map(start)
  const command = ['main', 'run'].map((name) => `${name}@/x/site-packages/pyinstrument/cli.py`)
  const runpy = ['exec@<built-in>', '_@<string>', 'run_module@/usr/lib/python3.12/runpy.py']
  const below = (...machinery: string[]) => `${machinery.join(';')};work;wait;more`

  test.each([
    ['what starts a thread', [`${below(...starts)} 10`]],
    ['what starts a thread, beside its program', [`${below(...starts)} 9`, `${starts[0]} 1`]],
    ['the command', [`${below(...command, ...runpy)} 9`, `${command.join(';')} 1`]],
    ['the command, and nothing else', [`${command[0]};[await] 10`]],
    ['what starts a thread, with two programs', [`${below(starts[0])} 5`, `${starts[0]};b 5`]],
    ['a program like what starts a thread', [`${below('_bootstrap', ...starts)} 10`]],
  ])('has threads begin where they do without a limit: %s', (_, ofThread) => {
    const samples = [1, 2].flatMap((id) => ofThread.map((stack) => `${stack} cpu=0 thread=${id}`))
    const threads = ['MainThread', 'a', 'b']
    const rows = stackRows(madeUpSession({ samples: ['main 10', ...samples], threads }))
    const weights = weigh(rows)
    const chain = chainOf(DEFAULT_FILTER)
    const whole = callTree(rows, weights, chain)
    const firstCalls = ({ root }: CallTree) =>
      root!.children.map(({ children }) => children.map(({ name }) => name))
    for (let maxNodes = 3; maxNodes < 20; maxNodes++) {
      const small = { ...chain, rules: { ...chain.rules, maxNodes } }
      const tree = callTree(rows, weights, small)
      // Before anything is opened: links and openings go by these.
      expect(firstCalls(tree)).toEqual(firstCalls(whole))
      const grower = new TreeGrower(rows, weights, small)
      for (const node of tree.root!) if (node.isCut) grower.growOne(node)
      expect(drawn(tree)).toEqual(drawn(whole))
      expect(faultOf(tree)).toBe(null)
    }
  })

  test('may be grown by one call, or by some at once within one limit', () => {
    const samples = ['main;a;b;c;d 50', 'main;e;f;g;h 20']
    const rows = stackRows(madeUpSession({ samples }))
    const chain = chainOf(DEFAULT_FILTER)
    const small = { ...chain, rules: { ...chain.rules, maxNodes: 1 } }
    const tree = callTree(rows, weigh(rows), small)
    const names = () => [...tree.root!].map((node) => node.name).join(' ')
    const grower = new TreeGrower(rows, weigh(rows), chain)
    grower.growOne(tree.root!.children[0])
    expect(names()).toBe('main a b e')
    grower.grow([tree.root!.children[0].children[0], tree.root!.children[1]], 5)
    expect(names()).toBe('main a b c d e f')
  })
})

test.each(SEEDS)('grown to its ends, a tree that was cut is the whole, session %i', (seed) => {
  const rows = stackRows(randomSession(seed))
  const weights = weigh(rows)
  const chain = chainOf({ ...DEFAULT_FILTER, threshold: 0.01 })
  const small = { ...chain, rules: { ...chain.rules, maxNodes: 3 } }
  const tree = callTree(rows, weights, small)
  const whole = callTree(rows, weights, chain)
  const grower = new TreeGrower(rows, weights, small)
  for (const node of tree.root ?? []) if (node.isCut) grower.grow([node])
  expect(drawn(tree)).toEqual(drawn(whole))
})

describe('a node', () => {
  const rows = stackRows(
    madeUpSession({
      samples: ['main@/app/main.py:3;a 5', 'main@/app/main.py:7;b 2', 'main@/app/main.py:7 1'],
      classes: { a: 'Model' },
    }),
  )
  const weights = weigh(rows)
  const tree = callTree(rows, weights, chainOf(DEFAULT_FILTER))

  test('has time by line', () => {
    const lines = nodeLines(rows, weights, tree.root!)
    expect(lines).toEqual([
      { line: 3, selfNs: 0, totalNs: 5e6, ticks: 1 },
      { line: 7, selfNs: 1e6, totalNs: 3e6, ticks: 2 },
    ])
    expect(hottestLines(lines, 1)).toEqual([lines[0]])
  })

  test('has the class that most time was spent with', () => {
    expect(tree.root!.children.map((node) => nodeClass(rows, weights, node))).toEqual([
      'Model',
      '',
      '',
    ])
  })

  test('is found again by its path, or what is left of the way', () => {
    const [a] = tree.root!.children
    expect(nodeAtPath(tree, a.path)).toBe(a)
    expect(nodeAtPath(tree, [...a.path, 2])).toBe(a)
    expect(nodeAtPath(tree, [])).toBe(null)
  })
})
