// Writes session files for tests, from docs/reference/session-file.md alone: an independent second
// opinion.
import { gzipSync } from 'node:zlib'
import type { Session } from '../../src/lib/session/session'

type Numbers = Iterable<number | bigint>

export interface Changes {
  header?: (header: Record<string, any>) => void
  body?: (body: Buffer) => Buffer
  prelude?: (prelude: Buffer) => Buffer
}

export function sessionBytes(session: Session, changes: Changes = {}): Uint8Array<ArrayBuffer> {
  const { frames, locations, stacks, samples, threads, links } = session
  const columns: [string, string, Numbers, string?][] = [
    ['frames.function', 'u32', frames.function],
    ['frames.qualname', 'u32', frames.qualname],
    ['frames.file', 'u32', frames.file],
    ['frames.first_line', 'u32', frames.firstLine],
    ['frames.class_name', 'u32', frames.className],
    ['frames.kind', 'u8', frames.kind],
    ['frames.hidden', 'u8', frames.hidden],
    ['locations.frame', 'u32', locations.frame],
    ['locations.line', 'u32', locations.line],
    ['locations.column', 'u32', locations.column],
    ['locations.end_column', 'u32', locations.endColumn],
    ['stacks.parent', 'u32', stacks.parent.map((parent, row) => row - parent), 'distance'],
    ['stacks.location', 'u32', stacks.location],
    ['samples.stack', 'u32', samples.stack],
    ['samples.duration_ns', 'i64', samples.durationNs],
    ['samples.thread', 'u32', samples.thread],
    ['samples.start_ns', 'i64', gaps(session), 'gap'],
    ['samples.ticks', 'u32', samples.ticks],
    ['samples.cpu_ns', 'i64', samples.cpuNs],
    ['samples.state', 'u8', samples.state],
    ['threads.ident', 'u64', threads.ident],
    ['threads.name', 'u32', threads.name],
    ['links.stack', 'u32', links.stack],
    ['links.thread', 'u32', links.thread],
    ['links.origin', 'u32', links.origin],
    ['links.duration_ns', 'i64', links.durationNs],
  ]
  const header = {
    strings: session.strings,
    facts: snakeCase(session.facts),
    session: {
      target_description: session.targetDescription,
      sys_path: session.sysPath,
      sys_prefixes: session.sysPrefixes,
      max_interval_ns: session.maxIntervalNs,
      sources: Object.fromEntries(
        [...session.sources].map(([file, lines]) => [file, Object.fromEntries(lines)]),
      ),
    },
    columns: columns.map(([name, type, values, encoding]) => ({
      name,
      type,
      length: [...values].length,
      ...(encoding && { encoding }),
    })),
  }
  changes.header?.(header)
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  let body = Buffer.concat([length, text, ...columns.map(([, type, values]) => raw(type, values))])
  body = (changes.body?.(body) ?? body) as typeof body
  const prelude = Buffer.from('pyisess\n\x01\0\0\0', 'latin1')
  return Uint8Array.from(
    Buffer.concat([changes.prelude?.(prelude) ?? prelude, gzipSync(body)]),
  )
}

function gaps({ samples }: Session): number[] {
  const ends: number[] = []
  return Array.from(samples.startNs, (start, row) => {
    const gap = start - (ends[samples.thread[row]] ?? 0)
    ends[samples.thread[row]] = start + samples.durationNs[row]
    return gap
  })
}

function raw(type: string, values: Numbers): Buffer {
  return Buffer.concat(
    Array.from(values, (value) => {
      const bytes = Buffer.alloc({ u8: 1, u32: 4 }[type] ?? 8)
      if (type === 'u8') bytes.writeUInt8(Number(value))
      else if (type === 'u32') bytes.writeUInt32LE(Number(value))
      else if (type === 'u64') bytes.writeBigUInt64LE(BigInt(value))
      else bytes.writeBigInt64LE(BigInt(value))
      return bytes
    }),
  )
}

function snakeCase(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
}
