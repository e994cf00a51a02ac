// Sessions for tests, made of lines like `main;work;list.sort 30`: a sample a line, in order.
import {
  BUILT_IN_FILE,
  type Facts,
  FrameKind,
  type Session,
} from '../../src/lib/session/session'

const MS = 1_000_000

export interface MadeUp {
  /** Root first: `function@file:line`, the file `/app/main.py` and the line 1 where left out, with a
   *  class `Tea::function`; then milliseconds, and `cpu=` (as long where left out), `thread=`,
   *  `state=`, `ticks=`. */
  samples: string[]
  facts?: Partial<Facts>
  threads?: string[]
  hidden?: string[]
  classes?: Record<string, string>
  sysPath?: string[]
  sysPrefixes?: string[]
  sources?: Record<string, Record<number, string>>
  /** The stack that started the profile, written as those of samples. */
  stem?: string
  links?: MadeUpLink[]
}

/** Of stacks written as those of samples. */
export interface MadeUpLink {
  thread: number
  stack: string
  origin: string
  ms: number
}

/** A session. Functions of another line of the same `function@file` are the same function. */
export function madeUpSession(madeUp: MadeUp): Session {
  const strings = new Ids<string>([''])
  const frames = new Ids<string>()
  const locations = new Ids<string>()
  const stacks = new Ids<string>(['0;0'])
  const columns: Record<string, number[]> = {}
  const push = (name: string, value: number) => (columns[name] ??= []).push(value)
  const ends = new Map<number, number>()

  const locationOf = (entry: string): number => {
    const parts = /^(?:(\w+)::)?([^@]*)(?:@(.*?)(?::(\d+))?)?$/.exec(entry)!
    const [, ownClass, name, file = '/app/main.py', line = '1'] = parts
    const className = ownClass ?? madeUp.classes?.[name] ?? ''
    const synthetic = name.startsWith('[')
    const native = file === BUILT_IN_FILE
    const frame = frames.of(`${className}::${name}@${file}`, () => {
      push('function', strings.of(name))
      push('qualname', native ? strings.of(name) : 0)
      push('file', synthetic ? 0 : strings.of(file))
      push('firstLine', synthetic || native ? 0 : 1)
      push('className', strings.of(className))
      push('kind', synthetic ? FrameKind.SYNTHETIC : native ? FrameKind.NATIVE : FrameKind.PYTHON)
      push('hidden', madeUp.hidden?.includes(name) ? 1 : 0)
    })
    return locations.of(`${frame}:${line}`, () => {
      push('frame', frame)
      push('line', native || synthetic ? 0 : Number(line))
    })
  }

  const stackOf = (entries: string): number => {
    let stack = 0
    for (const entry of entries.split(';').filter(Boolean)) {
      const location = locationOf(entry)
      const below = stack
      stack = stacks.of(`${below};${location}+`, () => {
        push('parent', below)
        push('location', location)
      })
    }
    return stack
  }

  push('parent', 0)
  push('location', 0)
  for (const sample of madeUp.samples) {
    const [, entries, ms, more] = /^(.*?) ?(\d+)((?: \w+=\d+)*)$/.exec(sample)!
    const fields = Object.fromEntries(more.split(' ').map((field) => field.split('=')))
    const stack = stackOf(entries)
    const thread = Number(fields.thread ?? 0)
    const start = ends.get(thread) ?? 0
    ends.set(thread, start + Number(ms) * MS)
    push('stack', stack)
    push('startNs', start)
    push('durationNs', Number(ms) * MS)
    push('cpuNs', Number(fields.cpu ?? ms) * MS)
    push('ticks', Number(fields.ticks ?? 1))
    push('thread', thread)
    push('state', Number(fields.state ?? 0))
  }
  const links = (madeUp.links ?? []).map((link) => ({
    ...link,
    stack: stackOf(link.stack),
    origin: stackOf(link.origin),
  }))
  const stem = stackOf(madeUp.stem ?? '')
  const u32 = (name: string) => Uint32Array.from(columns[name] ?? [])
  const u8 = (name: string) => Uint8Array.from(columns[name] ?? [])
  const times = (name: string) => Float64Array.from(columns[name] ?? [])
  const lines = u32('line')
  const names = madeUp.threads ?? ['MainThread']
  const threadNames = names.map((name) => strings.of(name))
  return {
    strings: strings.values,
    frames: {
      function: u32('function'),
      qualname: u32('qualname'),
      file: u32('file'),
      firstLine: u32('firstLine'),
      className: u32('className'),
      kind: u8('kind'),
      hidden: u8('hidden'),
    },
    locations: {
      frame: u32('frame'),
      line: lines,
      column: new Uint32Array(lines.length),
      endColumn: new Uint32Array(lines.length),
    },
    stacks: { parent: u32('parent'), location: u32('location') },
    samples: {
      stack: u32('stack'),
      startNs: times('startNs'),
      durationNs: times('durationNs'),
      ticks: u32('ticks'),
      thread: u32('thread'),
      cpuNs: times('cpuNs'),
      state: u8('state'),
    },
    threads: {
      ident: BigUint64Array.from(names, (_, thread) => BigInt(100 + thread)),
      name: Uint32Array.from(threadNames),
    },
    links: {
      stack: Uint32Array.from(links, ({ stack }) => stack),
      thread: Uint32Array.from(links, ({ thread }) => thread),
      origin: Uint32Array.from(links, ({ origin }) => origin),
      durationNs: Float64Array.from(links, ({ ms }) => ms * MS),
    },
    facts: { ...FACTS, stem, ...madeUp.facts },
    targetDescription: 'Program: main.py',
    sysPath: madeUp.sysPath ?? ['/app', '/usr/lib/python3.12'],
    sysPrefixes: madeUp.sysPrefixes ?? ['/usr'],
    sources: new Map(
      Object.entries(madeUp.sources ?? {}).map(([file, texts]) => [
        file,
        new Map(Object.entries(texts).map(([line, text]) => [Number(line), text])),
      ]),
    ),
    maxIntervalNs: MS,
  }
}

/** Random samples of some functions, libraries, hidden ones and threads; the same for a seed. */
export function randomSession(seed: number): Session {
  let state = seed + 1
  const random = (below: number) => {
    state = (state * 48271) % 2147483647
    return state % below
  }
  const functions = [
    'a', 'b', 'c', 'wrapper', '<module>',
    'loads@/usr/lib/python3.12/json.py', 'scan@/usr/lib/python3.12/json.py',
    '_find@<frozen importlib._bootstrap>', 'exec@<string>', 'len@<built-in>', '[await]',
  ]
  const threads = 1 + random(3)
  const samples = Array.from({ length: 5 + random(60) }, () => {
    const names = Array.from({ length: random(7) }, () => {
      const name = functions[random(functions.length - 1)]
      return name.includes('@') ? name : `${name}@/app/main.py:${1 + random(3)}`
    })
    if (random(5) === 0) names.push('[await]')
    const ms = random(8)
    return `${['main', ...names].join(';')} ${ms} cpu=${random(ms + 1)} thread=${random(threads)}`
  })
  const names = ['MainThread', 'worker-1', ''].slice(0, threads)
  return madeUpSession({ samples, threads: names, hidden: ['wrapper'] })
}

const FACTS: Facts = {
  engine: 'reference',
  engineReason: 'no compiled engine',
  asyncMode: 'disabled',
  intervalNs: MS,
  startTimeNs: 1_700_000_000_000_000_000,
  durationNs: 1000 * MS,
  processCpuNs: 1000 * MS,
  sampleCount: 1000,
  ticksAsked: 1000,
  ticksLate: 0,
  ownCpuNs: 0,
  clock: 'monotonic',
  cpuClock: 'thread',
  stem: 0,
  argv: ['main.py'],
  python: 'CPython 3.12.1',
  platform: 'linux x86_64',
  samplerVersion: '0.1',
  pid: 1,
  notes: [],
  threads: 'current',
}

/** Numbers for values, in the order in which they were first asked for. */
class Ids<Value> {
  readonly values: Value[]
  readonly #ids = new Map<Value, number>()

  constructor(values: Value[] = []) {
    this.values = values
    values.forEach((value, id) => this.#ids.set(value, id))
  }

  of(value: Value, made: () => void = () => {}): number {
    let id = this.#ids.get(value)
    if (id === undefined) {
      id = this.values.length
      this.#ids.set(value, id)
      this.values.push(value)
      made()
    }
    return id
  }
}
