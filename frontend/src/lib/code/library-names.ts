// The name of the library (or of the user's package) that a function belongs to: what groups of
// hidden frames are called by, and what a colour is derived from.
import { FrameKind } from '../session/session'
import type { ProfiledFunction } from './profiled-function'

const BUILT_INS = 'built-in'

/** `json`, `requests`, `my_app`; `built-in` for functions of no module; `''` for stand-ins. */
export function libraryName(
  code: Pick<ProfiledFunction, 'kind' | 'qualname' | 'name' | 'shortFile' | 'firstLine'>,
): string {
  if (code.kind === FrameKind.SYNTHETIC) return ''
  if (code.kind === FrameKind.NATIVE) return moduleOf(code.qualname)
  // `<frozen importlib._bootstrap>`, `<string>`.
  const inBrackets = /^<(?:frozen )?([^.>]*)/.exec(code.shortFile)
  if (inBrackets) return inBrackets[1]
  const names = code.shortFile.replaceAll('\\', '/').split('/').filter(Boolean)
  return (names[0] ?? '').replace(/\.py$/, '')
}

/** Of names like `zlib.compress` the module; `list.sort` and `len` are the interpreter's own. */
function moduleOf(qualname: string): string {
  const dot = qualname.indexOf('.')
  if (dot < 0) return BUILT_INS
  const first = qualname.slice(0, dot)
  return first === 'builtins' || BUILT_IN_TYPES.has(first) ? BUILT_INS : first
}

const BUILT_IN_TYPES = new Set(
  'bytearray bytes dict float frozenset int list object set str tuple type'.split(' '),
)

/** Libraries of some functions, in order, each once; without what is built in. */
export function libraryNames(functions: Iterable<ProfiledFunction>): string[] {
  const names = new Set<string>()
  for (const code of functions) {
    if (code.kind === FrameKind.PYTHON && !code.shortFile.startsWith('<')) names.add(code.library)
  }
  return [...names].filter(Boolean)
}
