// The columns of session format 1: which there are, how their numbers are written, and the two
// encodings. See docs/reference/session-file.md.
import { SessionDataError } from '../errors'

export type ColumnType = 'u8' | 'u32' | 'u64' | 'i64'
export type Encoding = '' | 'distance' | 'gap'
/** Times (i64) become doubles: exact up to 104 days in nanoseconds. */
export type Column = Uint8Array | Uint32Array | BigUint64Array | Float64Array

export interface ColumnSpec {
  name: string
  type: ColumnType
  encoding: Encoding
}

const SIZES: Record<ColumnType, number> = { u8: 1, u32: 4, u64: 8, i64: 8 }
const ENCODINGS: Record<string, Encoding> = {
  'stacks.parent': 'distance',
  'samples.start_ns': 'gap',
}

function specs(table: string, names: string, types: ColumnType[]): ColumnSpec[] {
  return names.split(' ').map((field, place) => {
    const name = `${table}.${field}`
    return { name, type: types[place], encoding: ENCODINGS[name] ?? '' }
  })
}

/** In the order of the file. */
export const COLUMNS: readonly ColumnSpec[] = [
  ...specs('frames', 'function qualname file first_line class_name kind hidden', [
    'u32', 'u32', 'u32', 'u32', 'u32', 'u8', 'u8',
  ]),
  ...specs('locations', 'frame line column end_column', ['u32', 'u32', 'u32', 'u32']),
  ...specs('stacks', 'parent location', ['u32', 'u32']),
  ...specs('samples', 'stack duration_ns thread start_ns ticks cpu_ns state', [
    'u32', 'i64', 'u32', 'i64', 'u32', 'i64', 'u8',
  ]),
  ...specs('threads', 'ident name', ['u64', 'u32']),
  ...specs('links', 'stack thread origin duration_ns', ['u32', 'u32', 'u32', 'i64']),
]

/** All columns by name, decoded. *entries* is what the header says of them. */
export function readColumns(entries: unknown, blocks: Uint8Array): Map<string, Column> {
  if (!Array.isArray(entries) || entries.length !== COLUMNS.length) {
    throw new SessionDataError('its header does not list the columns of this format')
  }
  const found = new Map<string, Column>()
  let place = 0
  COLUMNS.forEach((spec, index) => {
    const length = lengthOf(entries[index], spec)
    const end = place + length * SIZES[spec.type]
    if (end > blocks.length) throw new SessionDataError(`column ${spec.name} is cut off`)
    // Copied: columns follow each other without gaps, and typed arrays want alignment.
    found.set(spec.name, typedColumn(spec.type, blocks.slice(place, end).buffer))
    place = end
  })
  if (place !== blocks.length) {
    throw new SessionDataError(`${blocks.length - place} bytes follow its last column`)
  }
  decodeDistance(found.get('stacks.parent') as Uint32Array)
  decodeGap(
    found.get('samples.start_ns') as Float64Array,
    found.get('samples.duration_ns') as Float64Array,
    found.get('samples.thread') as Uint32Array,
  )
  return found
}

function lengthOf(entry: unknown, spec: ColumnSpec): number {
  const { name, type, length, encoding } = (entry ?? {}) as Record<string, unknown>
  if (name !== spec.name || type !== spec.type || (encoding ?? '') !== spec.encoding) {
    throw new SessionDataError(`where column ${spec.name} should be, its header has another`)
  }
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) {
    throw new SessionDataError(`column ${spec.name} has no length`)
  }
  return length
}

/** Little-endian memory as it is: every browser that runs this is little-endian. */
function typedColumn(type: ColumnType, memory: ArrayBuffer): Column {
  switch (type) {
    case 'u8':
      return new Uint8Array(memory)
    case 'u32':
      return new Uint32Array(memory)
    case 'u64':
      return new BigUint64Array(memory)
    case 'i64':
      return doublesOf(memory)
  }
}

/** By halves: one BigInt a number would take ten times as long. */
function doublesOf(memory: ArrayBuffer): Float64Array {
  const low = new Uint32Array(memory)
  const high = new Int32Array(memory)
  const found = new Float64Array(memory.byteLength / 8)
  for (let place = 0; place < found.length; place++) {
    found[place] = high[2 * place + 1] * 2 ** 32 + low[2 * place]
  }
  return found
}

/** Row number minus value, in place. A value above its row shows as a parent after its child. */
function decodeDistance(column: Uint32Array): void {
  for (let row = 0; row < column.length; row++) column[row] = row - column[row]
}

/** Start minus the end of the same thread's previous sample, in place. */
function decodeGap(starts: Float64Array, durations: Float64Array, threads: Uint32Array): void {
  const ends = new Map<number, number>()
  for (let row = 0; row < starts.length; row++) {
    const start = (ends.get(threads[row]) ?? 0) + starts[row]
    starts[row] = start
    ends.set(threads[row], start + durations[row])
  }
}
