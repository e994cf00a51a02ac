// From the text in the page to the unpacked bytes of a session.
import { SessionDataError } from '../errors'

const CHUNK = 1 << 16
const UNPACKED_AT_LEAST = 256 * 2 ** 20
const UNPACKED_PER_BYTE = 100

/** The bytes that base64 text stands for; white space in it means nothing. */
export function bytesFromBase64(text: string): Uint8Array<ArrayBuffer> {
  let binary: string
  try {
    binary = atob(text)
  } catch {
    throw new SessionDataError('its text is not base64')
  }
  const bytes = new Uint8Array(binary.length)
  for (let place = 0; place < binary.length; place++) bytes[place] = binary.charCodeAt(place)
  return bytes
}

/** What a gzip stream holds; nothing may follow the stream. */
export async function gunzip(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const limit = Math.max(UNPACKED_AT_LEAST, UNPACKED_PER_BYTE * packed.length)
  const reader = inPieces(packed).pipeThrough(new DecompressionStream('gzip')).getReader()
  const pieces: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      length += value.length
      if (length > limit) break
      pieces.push(value)
    }
  } catch (fault) {
    const words = fault instanceof Error ? fault.message : String(fault)
    throw new SessionDataError(`its compressed part is broken or cut off (${words})`)
  }
  if (length > limit) {
    void reader.cancel()
    throw new SessionDataError(`it unpacks to more than ${limit} bytes`)
  }
  const whole = new Uint8Array(length)
  let place = 0
  for (const piece of pieces) {
    whole.set(piece, place)
    place += piece.length
  }
  return whole
}

function inPieces(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let place = 0
  return new ReadableStream({
    pull(controller) {
      if (place >= bytes.length) {
        controller.close()
        return
      }
      controller.enqueue(bytes.subarray(place, place + CHUNK))
      place += CHUNK
    },
  })
}
