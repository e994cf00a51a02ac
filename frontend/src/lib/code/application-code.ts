// Tells the user's own code from libraries, by path alone: a library lies where installers put it,
// in site-packages, or in the standard library's folder of an interpreter prefix.
import { isAbsolute, isWindowsPath, pathComponents, startsWithComponents } from './path-shortening'

const INSTALL_FOLDERS = new Set(['site-packages', 'dist-packages'])
const LIBRARY_FOLDERS = new Set(['lib', 'lib64'])
const PYPY_FOLDERS = new Set(['lib-python', 'lib_pypy'])
/** `python3.12`, `python312.zip`; a project may have its own `lib/python_tools`. */
const VERSIONED_INTERPRETER = /^(python|pypy|graalpy)\d/
/** What IPython and the prompt of Python 3.13 call what is typed in. */
const TYPED_IN = ['<ipython-input-', '<python-input-']

/** Whether code of this file belongs to whoever ran it: `exec` of a string, `-c`. */
export function inheritsFromCaller(path: string): boolean {
  return path === '<string>' || path === '<stdin>'
}

/** The rule for one session's prefixes; the answers are kept. */
export class ApplicationCode {
  readonly #known = new Map<string, boolean>()
  readonly #prefixes: { names: string[]; windows: boolean }[]

  constructor(sysPrefixes: readonly string[]) {
    this.#prefixes = sysPrefixes
      .filter(isAbsolute)
      .map((prefix) => ({ names: pathComponents(prefix), windows: isWindowsPath(prefix) }))
  }

  /** Whether a file is the user's. Of `<string>` and `<stdin>` only their caller can tell. */
  isApplicationFile(path: string): boolean {
    let found = this.#known.get(path)
    if (found === undefined) {
      found = this.#decide(path)
      this.#known.set(path, found)
    }
    return found
  }

  #decide(path: string): boolean {
    if (path === '') return false
    if (path.startsWith('<')) return TYPED_IN.some((start) => path.startsWith(start))
    const names = pathComponents(path)
    if (names.slice(0, -1).some((name) => INSTALL_FOLDERS.has(name))) return false
    if (this.#prefixes.length === 0) {
      // A session of pyinstrument 4, which did not record them.
      return !names.some((_, place) => isStandardLibrary(names.slice(place), false))
    }
    const windows = isWindowsPath(path)
    return !this.#prefixes.some(
      (prefix) =>
        prefix.windows === windows &&
        startsWithComponents(names, prefix.names, windows) &&
        isStandardLibrary(names.slice(prefix.names.length), windows),
    )
  }
}

/**
 * Whether the names below a prefix lead into the standard library. POSIX: `lib/python3.12/…`
 * (`lib/tool.py` is no part of it: a prefix may be the folder of a project). Windows: `Lib\…`,
 * `DLLs\…` and `python312.zip`.
 */
function isStandardLibrary(belowPrefix: string[], windows: boolean): boolean {
  if (belowPrefix.length < 2) return false
  const first = windows ? belowPrefix[0].toLowerCase() : belowPrefix[0]
  if (windows) return first === 'lib' || first === 'dlls' || VERSIONED_INTERPRETER.test(first)
  if (PYPY_FOLDERS.has(first)) return true
  return LIBRARY_FOLDERS.has(first) && VERSIONED_INTERPRETER.test(belowPrefix[1])
}
