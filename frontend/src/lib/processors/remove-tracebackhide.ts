// Replaces frames that ask not to be shown by their children.
import type { ProfiledFunction } from '../code/profiled-function'
import { replaceByChildren } from '../tree/tree-edits'
import type { Processor } from './processor'

/** Whether the code has a local `__tracebackhide__` or `__traceback_hide__`. */
export function isHidden(code: ProfiledFunction): boolean {
  return code.hidden
}

/** Wrappers and decorators mark themselves so, for tracebacks and for profiles alike. */
export const removeTracebackhide: Processor = (tree) => {
  if (tree.root) replaceByChildren(tree.root, (node) => isHidden(node.code))
  return tree
}
