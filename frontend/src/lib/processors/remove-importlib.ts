// Replaces the frames of Python's import machinery by what they import.
import type { ProfiledFunction } from '../code/profiled-function'
import { replaceByChildren } from '../tree/tree-edits'
import type { Processor } from './processor'

/** Whether a function is of the frozen import machinery. */
export function isImportlib(code: ProfiledFunction): boolean {
  return code.file.startsWith('<frozen importlib._bootstrap')
}

/** Between an import statement and the imported module lie half a dozen of these frames. */
export const removeImportlib: Processor = (tree) => {
  if (tree.root) replaceByChildren(tree.root, (node) => isImportlib(node.code))
  return tree
}
