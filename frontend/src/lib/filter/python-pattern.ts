// Regular expressions in Python's spelling, as the command line takes them, for the browser.
import { PatternError } from '../errors'

/** What differs, with what must be left as it is (escapes, sets) so that it is not mistaken. */
const TOKEN =
  /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?P<|\(\?P=\w+\)|\(\?>|\(\?[aimsux]+[:)]/g

/**
 * A regular expression that matches from the start of a text, like Python's `re.match`; null for
 * an empty pattern. Throws {@link PatternError} for one that the browser cannot read.
 */
export function pythonPattern(pattern: string): RegExp | null {
  if (pattern === '') return null
  const flags = new Set<string>()
  const translated = pattern.replace(TOKEN, (token) => {
    if (token === '\\A') return '^'
    if (token === '\\Z' || token === '\\z') return '$'
    if (token === '(?P<') return '(?<'
    // An atomic group only makes Python give up sooner: globs are translated with them.
    if (token === '(?>') return '(?:'
    if (token.startsWith('(?P=')) return `\\k<${token.slice(4, -1)}>`
    if (/^\(\?[aimsux]+[:)]$/.test(token)) {
      // For the whole pattern: globs and flags at the start, which is all that is in use.
      for (const flag of token.slice(2, -1)) if ('ims'.includes(flag)) flags.add(flag)
      return token.endsWith(':') ? '(?:' : ''
    }
    return token
  })
  try {
    return new RegExp(`^(?:${translated})`, [...flags].join(''))
  } catch (fault) {
    const words = fault instanceof Error ? fault.message : String(fault)
    throw new PatternError(`${pattern} is no regular expression: ${words}`)
  }
}
