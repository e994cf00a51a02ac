// Session files, format 1: magic, version, then gzip of a JSON header and raw columns. Every byte
// is described in docs/reference/session-file.md.
import { SessionDataError } from '../errors'
import { bytesFromBase64, gunzip } from './bytes'
import { checkSession } from './checks'
import { type Column, readColumns } from './columns'
import type { Facts, Session, Sources } from './session'

const MAGIC = 'pyisess\n'
export const FORMAT_VERSION = 1
const PRELUDE = MAGIC.length + 4

type Fields = Record<string, unknown>

/** The session that a page carries as text. Throws {@link SessionDataError}. */
export async function readSessionText(base64: string): Promise<Session> {
  return readSession(bytesFromBase64(base64))
}

/** The session in a session file's bytes. Throws {@link SessionDataError}. */
export async function readSession(content: Uint8Array<ArrayBuffer>): Promise<Session> {
  if (String.fromCharCode(...content.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new SessionDataError('it does not begin like one')
  }
  if (content.length < PRELUDE) throw new SessionDataError('it ends after its first bytes')
  const version = uint32(content, MAGIC.length)
  if (version !== FORMAT_VERSION) {
    throw new SessionDataError(`its format is ${version}; this viewer reads ${FORMAT_VERSION}`)
  }
  const body = await gunzip(content.subarray(PRELUDE))
  if (body.length < 4) throw new SessionDataError('it has no header')
  const end = 4 + uint32(body, 0)
  if (end > body.length) throw new SessionDataError('its header is cut off')
  const header = parseHeader(body.subarray(4, end))
  const session = assemble(header, readColumns(header.columns, body.subarray(end)))
  checkSession(session)
  return session
}

function uint32(bytes: Uint8Array, place: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(place, true)
}

function parseHeader(text: Uint8Array): Fields {
  try {
    return asObject(JSON.parse(new TextDecoder().decode(text)), 'its header')
  } catch (fault) {
    if (fault instanceof SessionDataError) throw fault
    throw new SessionDataError('its header is no JSON')
  }
}

function assemble(header: Fields, columns: Map<string, Column>): Session {
  const u32 = (name: string) => columns.get(name) as Uint32Array
  const u8 = (name: string) => columns.get(name) as Uint8Array
  const times = (name: string) => columns.get(name) as Float64Array
  const fields = asObject(header.session, "'session'")
  return {
    strings: texts(header, 'strings'),
    frames: {
      function: u32('frames.function'),
      qualname: u32('frames.qualname'),
      file: u32('frames.file'),
      firstLine: u32('frames.first_line'),
      className: u32('frames.class_name'),
      kind: u8('frames.kind'),
      hidden: u8('frames.hidden'),
    },
    locations: {
      frame: u32('locations.frame'),
      line: u32('locations.line'),
      column: u32('locations.column'),
      endColumn: u32('locations.end_column'),
    },
    stacks: { parent: u32('stacks.parent'), location: u32('stacks.location') },
    samples: {
      stack: u32('samples.stack'),
      startNs: times('samples.start_ns'),
      durationNs: times('samples.duration_ns'),
      ticks: u32('samples.ticks'),
      thread: u32('samples.thread'),
      cpuNs: times('samples.cpu_ns'),
      state: u8('samples.state'),
    },
    threads: { ident: columns.get('threads.ident') as BigUint64Array, name: u32('threads.name') },
    links: {
      stack: u32('links.stack'),
      thread: u32('links.thread'),
      origin: u32('links.origin'),
      durationNs: times('links.duration_ns'),
    },
    facts: readFacts(asObject(header.facts, "'facts'")),
    targetDescription: text(fields, 'target_description'),
    sysPath: texts(fields, 'sys_path'),
    sysPrefixes: texts(fields, 'sys_prefixes'),
    sources: readSources(asObject(fields.sources, "'sources'")),
    maxIntervalNs: count(fields, 'max_interval_ns'),
  }
}

function readFacts(facts: Fields): Facts {
  return {
    engine: text(facts, 'engine'),
    engineReason: text(facts, 'engine_reason'),
    asyncMode: text(facts, 'async_mode'),
    intervalNs: count(facts, 'interval_ns'),
    startTimeNs: count(facts, 'start_time_ns'),
    durationNs: count(facts, 'duration_ns'),
    processCpuNs: count(facts, 'process_cpu_ns'),
    sampleCount: count(facts, 'sample_count'),
    ticksAsked: count(facts, 'ticks_asked'),
    ticksLate: count(facts, 'ticks_late'),
    ownCpuNs: count(facts, 'own_cpu_ns'),
    clock: text(facts, 'clock'),
    cpuClock: text(facts, 'cpu_clock'),
    stem: count(facts, 'stem'),
    argv: texts(facts, 'argv'),
    python: text(facts, 'python'),
    platform: text(facts, 'platform'),
    samplerVersion: text(facts, 'sampler_version'),
    pid: count(facts, 'pid'),
    notes: texts(facts, 'notes'),
    threads: text(facts, 'threads'),
  }
}

function readSources(fields: Fields): Sources {
  const found = new Map<string, Map<number, string>>()
  for (const [file, lines] of Object.entries(fields)) {
    const texts = Object.entries(asObject(lines, `'sources' of ${file}`))
    found.set(file, new Map(texts.map(([line, source]) => [Number(line), String(source)])))
  }
  return found
}

function asObject(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SessionDataError(`${what} is no object`)
  }
  return value as Fields
}

function text(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string') throw new SessionDataError(`'${name}' in its header is no text`)
  return value
}

function texts(fields: Fields, name: string): string[] {
  const value = fields[name]
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new SessionDataError(`'${name}' in its header is no list of texts`)
  }
  return value
}

function count(fields: Fields, name: string): number {
  const value = fields[name]
  // No check for safe integers: Unix time in nanoseconds is beyond them.
  if (typeof value !== 'number' || value < 0 || !Number.isInteger(value)) {
    throw new SessionDataError(`'${name}' in its header is no whole number from 0 up`)
  }
  return value
}
