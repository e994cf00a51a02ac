// Both ends of a link are found as the cases say that the Python side runs as well.
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DEFAULT_FILTER, chainOf } from '../../src/lib/filter/filter'
import { stackRows } from '../../src/lib/rows/stack-rows'
import { type Clock, weigh } from '../../src/lib/rows/weights'
import { callTree } from '../../src/lib/tree/apply-chain'
import type { CallNode } from '../../src/lib/tree/call-node'
import { FoldedGroups } from '../../src/lib/tree/folded-groups'
import { linkEnds } from '../../src/lib/tree/link-ends'
import { threadLinks } from '../../src/lib/tree/thread-links'
import { type MadeUp, type MadeUpLink, madeUpSession } from '../support/made-up-session'

interface Case {
  name: string
  threads: string[]
  samples: { thread?: number; stack: string; ms: number; cpu_ms?: number }[]
  links: MadeUpLink[]
  stem?: string
  hidden?: string[]
  clock?: Clock
  expected: { origin: string | null; work: string | null; thread: string; ms: number }[]
}

const FOLDER = new URL('../../../tests/cases/thread_links/', import.meta.url)

function readCases(): { subject: string; cases: Case[] }[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))
  return files.map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')))
}

function linked(madeUp: MadeUp, clock: Clock = 'wall') {
  const rows = stackRows(madeUpSession(madeUp))
  const filter = { ...DEFAULT_FILTER, clock }
  const tree = callTree(rows, weigh(rows, filter), chainOf(filter))
  return { tree, links: threadLinks(tree, rows) }
}

function pathTo(end: CallNode | null): string | null {
  const names: string[] = []
  for (let node = end; node; node = node.parent) names.push(node.name)
  return names.reverse().join(' > ') || null
}

describe.each(readCases())('$subject', ({ cases }) => {
  test.each(cases)('$name', ({ threads, samples, links, stem, hidden, clock, expected }) => {
    const written = samples.map(
      ({ thread = 0, stack, ms, cpu_ms: cpuMs = ms }) =>
        `${stack} ${ms} cpu=${cpuMs} thread=${thread}`,
    )
    const found = linked({ threads, samples: written, links, stem, hidden }, clock)
    expect(
      found.links.map(({ origin, work, thread, durationNs }) => ({
        origin: pathTo(origin),
        work: pathTo(work),
        thread,
        ms: durationNs / 1e6,
      })),
    ).toEqual(expected)
  })
})

test('work in another thread is told at both ends', () => {
  const link = { thread: 1, stack: 'run;work', origin: 'main;ask;[await]' }
  const { tree, links } = linked({
    samples: ['main;ask;[await] 9 cpu=0 state=1', 'main 1', 'run;work 5 thread=1', 'run 1 thread=1'],
    threads: ['MainThread', 'pool'],
    links: [
      { ...link, ms: 3 },
      { ...link, ms: 2 },
    ],
  })
  expect(links).toHaveLength(1)
  const ends = [...linkEnds(links, new FoldedGroups(tree))].map(([node, end]) => [
    node.name,
    end.text,
    end.other?.name,
  ])
  expect(ends).toEqual([
    ['ask', 'ran in pool: 5 ms', 'work'],
    ['work', 'for ask', 'ask'],
  ])
})
