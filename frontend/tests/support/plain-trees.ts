// Call trees as plain objects, as in tests/cases/processors/README.md, and back.
import { pathRules } from '../../src/lib/code/function-table'
import {
  type FunctionFields,
  ProfiledFunction,
  functionKey,
} from '../../src/lib/code/profiled-function'
import { FrameKind } from '../../src/lib/session/session'
import { CallNode } from '../../src/lib/tree/call-node'
import { adopt } from '../../src/lib/tree/tree-edits'
import { GroupNumbers } from './group-numbers'

export interface PlainNode {
  function: string
  file?: string
  line?: number
  kind?: 'python' | 'native' | 'synthetic'
  hidden?: boolean
  total_ns?: number
  absorbed_ns?: number
  classes?: Record<string, number>
  group?: string
  children?: PlainNode[]
}

export interface PlainSession {
  sys_path?: string[]
  sys_prefixes?: string[]
}

/** Trees of one session: nodes of one function share it. Classes are kept by made-up rows. */
export class PlainTrees {
  readonly #rules
  readonly #functions = new Map<string, ProfiledFunction>()
  readonly #classes: Record<string, number>[] = []

  constructor(session: PlainSession) {
    const { sys_path: sysPath = [], sys_prefixes: sysPrefixes = [] } = session
    this.#rules = pathRules({ sysPath, sysPrefixes })
  }

  read(plain: PlainNode): CallNode {
    const node = new CallNode(
      this.#function(plain),
      { totalNs: plain.total_ns ?? 0, absorbedNs: plain.absorbed_ns ?? 0 },
      [this.#classes.push(plain.classes ?? {}) - 1],
    )
    adopt(
      node,
      (plain.children ?? []).map((child) => this.read(child)),
    )
    return node
  }

  write(node: CallNode, groups = new GroupNumbers()): PlainNode {
    const { code } = node
    const plain: PlainNode = { function: code.name }
    if (code.file) Object.assign(plain, { file: code.file, line: code.firstLine })
    if (code.isNative) plain.kind = 'native'
    if (code.isThread) plain.kind = 'synthetic'
    if (code.hidden) plain.hidden = true
    if (node.totalNs) plain.total_ns = node.totalNs
    if (node.absorbedNs) plain.absorbed_ns = node.absorbedNs
    const classes = this.#classesOf(node)
    if (Object.keys(classes).length) plain.classes = classes
    if (node.group) plain.group = String(groups.of(node.group))
    if (node.children.length) {
      plain.children = node.children.map((child) => this.write(child, groups))
    }
    return plain
  }

  #function(plain: PlainNode): ProfiledFunction {
    const { function: name, file = '', line = 0, kind = file ? 'python' : 'synthetic' } = plain
    const kinds = {
      python: FrameKind.PYTHON,
      native: FrameKind.NATIVE,
      synthetic: FrameKind.SYNTHETIC,
    }
    const fields: FunctionFields = {
      name,
      file,
      firstLine: line,
      kind: kinds[kind],
      hidden: plain.hidden,
    }
    const key = functionKey(name, '', file, line, kinds[kind], '')
    const known = this.#functions.get(key)
    if (known && known.hidden === (plain.hidden ?? false)) return known
    const made = new ProfiledFunction(this.#functions.size, fields, this.#rules)
    this.#functions.set(key, made)
    return made
  }

  #classesOf(node: CallNode): Record<string, number> {
    const found: Record<string, number> = {}
    for (const row of node.rows) {
      for (const [name, ns] of Object.entries(this.#classes[row])) {
        found[name] = (found[name] ?? 0) + ns
      }
    }
    return found
  }
}
