// What a node is called where it is shown, and where it says it is; as in the console report.
import { THREAD_FILE, type ProfiledFunction } from '../code/profiled-function'
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import type { CallNode } from './call-node'
import { nodeClass } from './node-lines'

/** `Class.method`, `function`, or with its module what has no Python code. */
export function functionName(code: ProfiledFunction, className = ''): string {
  if (code.isNative) return code.qualname || code.name
  return className ? `${className}.${code.name}` : code.name
}

export class NodeNames {
  readonly #rows: StackRows
  readonly #weights: Weights
  // Looking for the class costs a loop over the node's rows.
  readonly #known = new WeakMap<CallNode, string>()

  constructor(rows: StackRows, weights: Weights) {
    this.#rows = rows
    this.#weights = weights
  }

  of(node: CallNode): string {
    let name = this.#known.get(node)
    if (name === undefined) {
      const className = node.code.isNative ? '' : nodeClass(this.#rows, this.#weights, node)
      name = functionName(node.code, className)
      this.#known.set(node, name)
    }
    return name
  }
}

/** Short path and line; for `[self]` and its like the file of the function they belong to. */
export function nodePlace(node: CallNode): string {
  if (node.isSyntheticLeaf && node.parent) {
    return node.parent.code.file === THREAD_FILE ? '' : node.parent.code.shortFile
  }
  return node.code.position
}
