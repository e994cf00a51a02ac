// What ran: a Python function, a native one, or a stand-in like `[self]`. One object a function,
// so that functions of a session are compared by identity.
import { BUILT_IN_FILE, FrameKind } from '../session/session'
import { type ApplicationCode, inheritsFromCaller } from './application-code'
import { libraryName } from './library-names'
import type { PathShortener } from './path-shortening'

export const SELF = '[self]'
export const ROOT = '[root]'
export const AWAIT = '[await]'
export const OUT_OF_CONTEXT = '[out-of-context]'
/** The file of a thread's stand-in. */
export const THREAD_FILE = '<thread>'

/** How a session shortens paths and tells application code. */
export interface PathRules {
  shortener: PathShortener
  applicationCode: ApplicationCode
}

export interface FunctionFields {
  name: string
  file?: string
  firstLine?: number
  kind?: FrameKind
  qualname?: string
  /** The class that it is told apart by; left out: none. */
  ownClass?: string
  hidden?: boolean
}

export class ProfiledFunction {
  /** Place in the function table; -1 for one of no table. */
  readonly id: number
  readonly name: string
  /** The qualified name where it was recorded, else `''`. */
  readonly qualname: string
  /** The class that generated code is told apart by, else `''`: see {@link ownClassOf}. */
  readonly ownClass: string
  /** As recorded; `''` for stand-ins, `<built-in>` for native functions. */
  readonly file: string
  /** Relative to the most telling `sys.path` entry. */
  readonly shortFile: string
  /** Line of the definition; 0 where there is none. */
  readonly firstLine: number
  readonly kind: FrameKind
  /** The code asks not to be shown, by a local `__tracebackhide__`. */
  readonly hidden: boolean
  /** null: as its caller is (code run from a string). */
  readonly isApplicationCode: boolean | null
  /** Top package or file it belongs to, like `json`; `''` for stand-ins. */
  readonly library: string

  constructor(id: number, fields: FunctionFields, rules: PathRules) {
    this.id = id
    this.name = fields.name
    this.qualname = fields.qualname ?? ''
    this.ownClass = fields.ownClass ?? ''
    this.file = fields.file ?? ''
    this.firstLine = fields.firstLine ?? 0
    this.kind = fields.kind ?? FrameKind.PYTHON
    this.hidden = fields.hidden ?? false
    this.shortFile = this.file && rules.shortener.shorten(this.file)
    this.isApplicationCode = applicationClaim(this, rules.applicationCode)
    this.library = libraryName(this)
  }

  /** The name, with the class where only that tells it from others. */
  get distinctName(): string {
    return this.ownClass ? `${this.ownClass}.${this.name}` : this.name
  }

  get isSynthetic(): boolean {
    return this.kind === FrameKind.SYNTHETIC
  }

  /** Stands for a thread: the root of all that the thread did. */
  get isThread(): boolean {
    return this.file === THREAD_FILE
  }

  get isNative(): boolean {
    return this.file === BUILT_IN_FILE
  }

  /** `file:line`, short; for native functions the file alone; `''` for stand-ins. */
  get position(): string {
    if (!this.file || this.isThread) return ''
    return this.firstLine ? `${this.shortFile}:${this.firstLine}` : this.shortFile
  }
}

function applicationClaim(code: ProfiledFunction, rule: ApplicationCode): boolean | null {
  if (code.kind !== FrameKind.PYTHON) return false
  if (inheritsFromCaller(code.file)) return null
  return rule.isApplicationFile(code.file)
}

/**
 * What two frames of one function agree in. Native functions have no file of their own, so that
 * theirs is the name with its module: `zlib.compress` is not `bz2.compress`. Nor has generated
 * code: its name has its class.
 */
export function functionKey(
  name: string,
  qualname: string,
  file: string,
  firstLine: number,
  kind: number,
  className: string,
): string {
  const ownClass = ownClassOf(className, file, kind)
  const called =
    kind === FrameKind.NATIVE && qualname ? qualname : ownClass ? `${ownClass}.${name}` : name
  return `${called}\0${file}\0${firstLine}`
}

/** What names like files begin with that stand for one text each: a line of it is one function. */
const ONE_TEXT = ['<frozen ', '<ipython-input-', '<python-input-']

/** The class that tells generated code from others, like each dataclass's `__init__` in line 2 of
 *  `<string>`; `''` where the file does. */
export function ownClassOf(className: string, file: string, kind: number): string {
  if (kind !== FrameKind.PYTHON || !file.startsWith('<')) return ''
  return ONE_TEXT.some((start) => file.startsWith(start)) ? '' : className
}

/** Order by name, file and line: what is left where times are equal. */
export function compareFunctions(a: ProfiledFunction, b: ProfiledFunction): number {
  return (
    compare(keyName(a), keyName(b)) || compare(a.file, b.file) || a.firstLine - b.firstLine
  )
}

/** By id of a function: its place in that order. */
export function rankOf(functions: readonly ProfiledFunction[]): Uint32Array {
  const rank = new Uint32Array(functions.length)
  functions
    .slice()
    .sort(compareFunctions)
    .forEach((code, place) => (rank[code.id] = place))
  return rank
}

function keyName(code: ProfiledFunction): string {
  return code.kind === FrameKind.NATIVE && code.qualname ? code.qualname : code.distinctName
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
