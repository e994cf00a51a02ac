// The name of the library (or of the user's package) that a function belongs to: what groups of
// hidden frames are called by, and what a colour is derived from.
import { FrameKind } from '../session/session'
import { isAbsolute, pathComponents } from './path-shortening'
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
  const names = pathComponents(code.shortFile)
  const first = isAbsolute(code.shortFile) ? firstInstalled(names) : 0
  return (names[first] ?? '').replace(/\.py$/, '')
}

/** Of a path outside sys.path: the place of what is right in a folder of libraries or, where there
 *  is none, the folder that the file is in. */
function firstInstalled(names: readonly string[]): number {
  const installed = names.findLastIndex((name) => /^(site|dist)-packages$/.test(name))
  const standard = names.findIndex(
    (name, place) => /^lib(64)?$/i.test(names[place - 1] ?? '') && /^(python|pypy)\d/.test(name),
  )
  const folder = installed >= 0 ? installed : standard
  return folder >= 0 && folder + 1 < names.length ? folder + 1 : Math.max(0, names.length - 2)
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
