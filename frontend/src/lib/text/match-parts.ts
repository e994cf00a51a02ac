// A text in parts, those that match a search apart from the rest: what a view marks.
import type { Search } from '../filter/search'

export interface TextPart {
  text: string
  isMatch: boolean
}

export function matchParts(text: string, search: Search | null): TextPart[] {
  const parts: TextPart[] = []
  const put = (from: number, to: number, isMatch: boolean) => {
    if (from < to) parts.push({ text: text.slice(from, to), isMatch })
  }
  let done = 0
  for (const [from, to] of matchesIn(text, search)) {
    put(done, from, false)
    put(from, to, true)
    done = to
  }
  put(done, text.length, false)
  return parts
}

function* matchesIn(text: string, search: Search | null): Generator<[number, number]> {
  if (search?.kind === 'text') {
    const folded = text.toLowerCase()
    // A few letters change their length in lower case; then places would be wrong.
    if (folded.length !== text.length) return
    const step = search.text.length
    let at = folded.indexOf(search.text)
    while (at >= 0) {
      yield [at, at + step]
      at = folded.indexOf(search.text, at + step)
    }
  } else if (search?.kind === 'regex') {
    const pattern = new RegExp(search.pattern.source, `${search.pattern.flags}g`)
    for (const found of text.matchAll(pattern)) {
      if (found[0]) yield [found.index, found.index + found[0].length]
    }
  }
}
