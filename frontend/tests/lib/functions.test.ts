import { describe, expect, test } from 'vitest'
import { callTimes } from '../../src/lib/functions/call-times'
import { functionTimes, inOrder } from '../../src/lib/functions/flat'
import { functionClasses } from '../../src/lib/functions/function-classes'
import { functionNode } from '../../src/lib/functions/function-node'
import { neighboursOf } from '../../src/lib/functions/neighbours'
import { DEFAULT_FILTER, chainOf } from '../../src/lib/filter/filter'
import { type StackRows, stackRows } from '../../src/lib/rows/stack-rows'
import { weigh } from '../../src/lib/rows/weights'
import { callTree } from '../../src/lib/tree/apply-chain'
import { isNoise } from '../../src/lib/tree/noise'
import { NodeNames, functionName } from '../../src/lib/tree/node-names'
import { functionsAboveTrunk } from '../../src/lib/tree/trunk'
import { type MadeUp, madeUpSession, randomSession } from '../support/made-up-session'

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed)
const rowsOf = (madeUp: MadeUp) => stackRows(madeUpSession(madeUp))

function idOf(rows: StackRows, name: string): number {
  return rows.functions.functions.find((code) => code.name === name)!.id
}

/** Each sample's functions, root first, with its nanoseconds; threads and `[root]` left out. */
function plainStacks(rows: StackRows): { ids: number[]; ns: number }[] {
  const { samples } = rows.session
  return Array.from(rows.ofSample).flatMap((leaf, sample) => {
    const ids: number[] = []
    if (leaf === 0xffffffff) return []
    for (let row = leaf; row; row = rows.parent[row]) ids.push(rows.function[row])
    return [{ ids: ids.reverse(), ns: samples.durationNs[sample] }]
  })
}

describe('functions', () => {
  test('count recursion once, and are sorted as wanted', () => {
    const rows = rowsOf({ samples: ['main;f;g;f 4', 'main;g 5', 'main 2'] })
    const times = functionTimes(rows, weigh(rows))
    const written = (order: 'self' | 'total' | 'name') =>
      inOrder(times, order).map(
        ({ code, selfNs, totalNs }) => `${code.name} ${selfNs / 1e6} ${totalNs / 1e6}`,
      )
    expect(written('self')).toEqual(['g 5 9', 'f 4 4', 'main 2 11'])
    expect(written('total')).toEqual(['main 2 11', 'g 5 9', 'f 4 4'])
    expect(written('name')).toEqual(['f 4 4', 'g 5 9', 'main 2 11'])
  })

  test('leave out what ran the program', () => {
    const samples = ['run@/x/src/pyinstrument/run.py;main;a 9', 'run@/x/src/pyinstrument/run.py;main 1']
    const rows = rowsOf({ samples })
    const weights = weigh(rows)
    const tree = callTree(rows, weights, chainOf(DEFAULT_FILTER))
    const times = functionTimes(rows, weights, functionsAboveTrunk(tree, rows))
    expect(times.map(({ code }) => code.name)).toEqual(['main', 'a'])
  })

  test.each(SEEDS)('have the callers and callees of each sample, session %i', (seed) => {
    const rows = stackRows(randomSession(seed))
    const weights = weigh(rows)
    for (const { code, totalNs } of functionTimes(rows, weights)) {
      const callers = new Map<number, number>()
      const callees = new Map<number, number>()
      for (const { ids, ns } of plainStacks(rows)) {
        const first = ids.indexOf(code.id)
        if (first > 0) callers.set(ids[first - 1], (callers.get(ids[first - 1]) ?? 0) + ns)
        const called = new Set<number>()
        ids.forEach((id, at) => {
          if (id !== code.id && ids[at - 1] === code.id) called.add(id)
        })
        for (const id of called) callees.set(id, (callees.get(id) ?? 0) + ns)
      }
      const timed = (times: Map<number, number>) =>
        [...times].filter(([, ns]) => ns).sort(([a], [b]) => a - b)
      const found = neighboursOf(rows, weights, code.id)
      const listed = (list: typeof found.callers) =>
        list.map((one): [number, number] => [one.code.id, one.totalNs]).sort(([a], [b]) => a - b)
      expect(listed(found.callers)).toEqual(timed(callers))
      expect(listed(found.callees)).toEqual(timed(callees))
      expect(functionNode(rows, weights, code).totalNs).toBe(totalNs)
    }
  })

  test('have the class that most time was spent with', () => {
    const samples = ['main;render 5', 'main;load 1']
    const rows = rowsOf({ samples, classes: { render: 'Template' } })
    const classes = functionClasses(rows, weigh(rows))
    expect([classes[idOf(rows, 'render')], classes[idOf(rows, 'load')]]).toEqual(['Template', ''])
  })

  test('of generated code have the times and the name of their class', () => {
    const samples = [
      'main;Order::__init__@<string> 3',
      'main;Item::__init__@<string>;Order::__init__@<string> 2',
      'main;Item::__init__@<string> 4',
    ]
    const rows = rowsOf({ samples })
    const weights = weigh(rows)
    const classes = functionClasses(rows, weights)
    const written = inOrder(functionTimes(rows, weights), 'total').map(
      ({ code, selfNs, totalNs }) =>
        `${functionName(code, classes[code.id])} ${selfNs / 1e6} ${totalNs / 1e6}`,
    )
    expect(written).toEqual(['main 0 9', 'Item.__init__ 4 6', 'Order.__init__ 5 5'])
    const tree = callTree(rows, weights, chainOf(DEFAULT_FILTER))
    const names = new NodeNames(rows, weights)
    expect(tree.root!.children.map((node) => `${names.of(node)} ${node.totalNs / 1e6}`)).toEqual([
      'Item.__init__ 6',
      'Order.__init__ 3',
    ])
  })
})

test('the times of a call say on how many samples they rest', () => {
  const rows = rowsOf({ samples: ['main;a 4 cpu=1 ticks=4', 'main;b 4 cpu=4 ticks=4'] })
  const weights = weigh(rows)
  const [, , a] = [...callTree(rows, weights, chainOf(DEFAULT_FILTER)).root!].reverse()
  expect(a.name).toBe('main')
  expect(callTimes(a, rows, weights, 8e6)).toEqual([
    { name: 'total', ns: 8e6, waitingNs: 3e6, share: '100.0 %', note: '± 35.4, 8 samples' },
    { name: 'self', ns: 0, waitingNs: 0, share: '0.0 %', note: '' },
    { name: 'running', ns: 5e6, waitingNs: 0, share: '62.5 %', note: '' },
    { name: 'waiting', ns: 3e6, waitingNs: 3e6, share: '37.5 %', note: '' },
  ])
})

test('a few short observations are noise, one long one is not', () => {
  const { facts } = madeUpSession({ samples: [] })
  expect(isNoise({ totalNs: 3e6, ticks: 3 }, facts)).toBe(true)
  expect(isNoise({ totalNs: 4e6, ticks: 4 }, facts)).toBe(false)
  expect(isNoise({ totalNs: 90e6, ticks: 1 }, facts)).toBe(false)
})
