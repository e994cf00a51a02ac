// What a report is about, as it was recorded: columns, no object per sample. The same tables as in
// pyinstrument_sampler/recording.py, where each column is explained. Ids are indexes into tables.

/** What a frame stands for. */
export const FrameKind = { PYTHON: 0, NATIVE: 1, SYNTHETIC: 2 } as const
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind]

/** What a thread was doing for the profiled context during a sample. */
export const SampleState = { RUNNING: 0, WAITING: 1, AWAITED: 2, OUT_OF_CONTEXT: 3 } as const
export type SampleState = (typeof SampleState)[keyof typeof SampleState]

export const BUILT_IN_FILE = '<built-in>'

/** Distinct frames; `function`, `qualname`, `file` and `className` are ids in `strings`. */
export interface FrameTable {
  function: Uint32Array
  qualname: Uint32Array
  file: Uint32Array
  firstLine: Uint32Array
  className: Uint32Array
  kind: Uint8Array
  hidden: Uint8Array
}

/** Distinct (frame, line, columns); all from 1 on, 0 is unknown; the end is exclusive. */
export interface LocationTable {
  frame: Uint32Array
  line: Uint32Array
  column: Uint32Array
  endColumn: Uint32Array
}

/** A prefix tree: row 0 is the empty stack, and a parent's id is smaller than its child's. */
export interface StackTable {
  parent: Uint32Array
  location: Uint32Array
}

/** Samples; those of one thread in the order of their times. Nanoseconds since the start. */
export interface SampleTable {
  stack: Uint32Array
  startNs: Float64Array
  durationNs: Float64Array
  ticks: Uint32Array
  thread: Uint32Array
  cpuNs: Float64Array
  state: Uint8Array
}

export interface ThreadTable {
  ident: BigUint64Array
  /** Ids in `strings`; 0 for a thread without a name. */
  name: Uint32Array
}

/** Work that a thread did on behalf of a call in another, which awaited it. */
export interface LinkTable {
  stack: Uint32Array
  thread: Uint32Array
  origin: Uint32Array
  durationNs: Float64Array
}

/** How the recording was made: what a reader needs to trust its numbers. */
export interface Facts {
  engine: string
  engineReason: string
  asyncMode: string
  intervalNs: number
  /** Unix time; so large that it is exact to about a microsecond only. */
  startTimeNs: number
  durationNs: number
  processCpuNs: number
  sampleCount: number
  ticksAsked: number
  ticksLate: number
  ownCpuNs: number
  clock: string
  /** `"thread"`, or `""` where CPU time was not recorded. */
  cpuClock: string
  /** Stack of the code that started the profile. */
  stem: number
  argv: string[]
  python: string
  platform: string
  samplerVersion: string
  pid: number
  notes: string[]
  /** Which threads were asked for: `"current"`, `"all"` or `"chosen"`. */
  threads: string
}

/** File as recorded → line → text. */
export type Sources = ReadonlyMap<string, ReadonlyMap<number, string>>

export interface Session {
  strings: string[]
  frames: FrameTable
  locations: LocationTable
  stacks: StackTable
  samples: SampleTable
  threads: ThreadTable
  links: LinkTable
  facts: Facts
  targetDescription: string
  sysPath: string[]
  sysPrefixes: string[]
  sources: Sources
  maxIntervalNs: number
}

/** What a thread is called. */
export function threadTitle(session: Session, thread: number): string {
  const name = session.strings[session.threads.name[thread]]
  return name || `Thread ${session.threads.ident[thread]}`
}
