import { describe, expect, test } from 'vitest'
import { readSession, readSessionText } from '../../src/lib/session/read-session'
import { type MadeUp, madeUpSession } from '../support/made-up-session'
import { type Changes, sessionBytes } from '../support/session-bytes'

const MADE_UP: MadeUp = {
  samples: [
    'main@/app/main.py:3;work@/app/wörk.py:9 30 ticks=3',
    'main@/app/main.py:4;zlib.compress@<built-in> 5 cpu=4 thread=1',
    'main@/app/main.py:3;[await] 70000000 state=2',
    'main@/app/main.py:3 2 thread=1',
  ],
  threads: ['MainThread', ''],
  hidden: ['work'],
  classes: { work: 'Worker' },
  sources: { '/app/wörk.py': { 9: '    return 1  # ü' } },
  facts: { notes: ['a note'], stem: 1 },
}

const bytes = (changes: Changes = {}) => sessionBytes(madeUpSession(MADE_UP), changes)

describe('a session file', () => {
  test('reads as what was written', async () => {
    expect(await readSession(bytes())).toEqual(madeUpSession(MADE_UP))
  })

  test('may be empty', async () => {
    const empty = madeUpSession({ samples: [], threads: [] })
    expect(await readSession(sessionBytes(empty))).toEqual(empty)
  })

  test('reads from base64, with white space around and in it', async () => {
    const text = Buffer.from(bytes()).toString('base64').replace(/(.{76})/g, '$1\n')
    expect(await readSessionText(`\n${text}\n`)).toEqual(madeUpSession(MADE_UP))
  })
})

describe('what is no session is refused in words', () => {
  const faults: [string, Changes, RegExp][] = [
    ['other magic', { prelude: () => Buffer.from('something else') }, /does not begin like one/],
    ['newer format', { prelude: () => Buffer.from('pyisess\n\x02\0\0\0') }, /its format is 2/],
    ['no header', { body: () => Buffer.from('a') }, /it has no header/],
    ['cut header', { body: (body) => body.subarray(0, 40) }, /its header is cut off/],
    ['no JSON', { body: () => Buffer.from('\x02\0\0\0{]') }, /its header is no JSON/],
    ['cut column', { body: (body) => body.subarray(0, -1) }, /column links.duration_ns|cut off/],
    ['more bytes', { body: (body) => Buffer.concat([body, body]) }, /bytes follow its last column/],
    ['no columns', { header: (header) => delete header.columns }, /does not list the columns/],
    [
      'another column',
      { header: (header) => (header.columns[3].name = 'frames.age') },
      /where column frames.first_line should be/,
    ],
    ['no facts', { header: (header) => delete header.facts }, /'facts' is no object/],
    ['odd fact', { header: (header) => (header.facts.pid = -1) }, /'pid' in its header/],
    ['unknown stack', { header: (header) => (header.facts.stem = 99) }, /stack 99 is not in its/],
    ['too few strings', { header: (header) => header.strings.pop() }, /string \d+ is not in its/],
  ]

  test.each(faults)('%s', async (_, changes, words) => {
    await expect(readSession(bytes(changes))).rejects.toThrow(words)
  })

  test('a broken compressed part', async () => {
    await expect(readSession(bytes().slice(0, -20))).rejects.toThrow(/broken or cut off/)
  })

  test('no base64', async () => {
    await expect(readSessionText('%%%')).rejects.toThrow(/its text is not base64/)
  })

  test('a child before its parent', async () => {
    const session = madeUpSession(MADE_UP)
    session.stacks.parent[1] = 1
    await expect(readSession(sessionBytes(session))).rejects.toThrow(/parent of stack 1 comes/)
  })

  test('a time below zero', async () => {
    const session = madeUpSession(MADE_UP)
    session.samples.cpuNs[1] = -5
    await expect(readSession(sessionBytes(session))).rejects.toThrow(/CPU time of -5 ns/)
  })
})
