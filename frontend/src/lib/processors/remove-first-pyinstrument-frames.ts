// Strips the frames of the `pyinstrument` command from above the program it ran, and those of an
// integration (a middleware, say) from above what it profiled.
import { pathComponents } from '../code/path-shortening'
import type { ProfiledFunction } from '../code/profiled-function'
import type { CallNode } from '../tree/call-node'
import { type CallTree, rootsOf } from '../tree/call-tree'
import { putInPlaceOf } from '../tree/tree-edits'
import type { Processor } from './processor'

/** The program holds more than this of the time; else the frame above it is worth showing. */
const SHARE_OF_PARENT = 0.8
const OWN_PACKAGES = new Set(['pyinstrument', 'pyinstrument_integrations'])
const INSTALLED_IN = new Set(['site-packages', 'dist-packages', 'src'])
const THREAD_START = new Set(['_bootstrap', '_bootstrap_inner', 'run'])

/**
 * Goes down from the root while it is the command's own code, `exec` or `runpy`; the new root
 * absorbs their time. Where the command is all there is, no root is left. Where there are several
 * threads, the same is done below each, and what starts a thread is stripped as well.
 */
export const removeFirstPyinstrumentFrames: Processor = (tree) => {
  for (const root of rootsOf(tree)) {
    const top = programTop(root)
    if (top === null) continue
    if (!isOnlyCommand(top)) {
      const program = putInPlaceOf(findProgram(top), top)
      if (top === tree.root) tree.root = program
    } else if (top === tree.root) {
      tree.root = null
    } else {
      root.children = []
      root.absorbedNs = root.totalNs
    }
  }
  return tree
}

/** Has *grow* give nodes that were cut their children where these tell what is to be stripped, so
 *  that a tree that got too large is stripped like the whole. *root* is that of their thread. */
export function growMachinery(tree: CallTree, grow: (cut: CallNode, root: CallNode) => void): void {
  for (const root of rootsOf(tree)) {
    const top = programTop(root)
    if (top !== null) findProgram(top, (cut) => grow(cut, root))
  }
}

/** The topmost node that may be machinery: the root, or the only function of a thread; null where
 *  a thread has several, or time of its own. */
function programTop(root: CallNode): CallNode | null {
  if (!root.isThread) return root
  if (root.children.length !== 1 || root.absorbedNs || root.children[0].isSynthetic) return null
  return root.children[0]
}

function isOnlyCommand(top: CallNode): boolean {
  return isOwnCommand(top.code) && realChildren(top).length === 0
}

/** The program that machinery runs, from *top* downwards; *top* itself, when that is none. */
function findProgram(top: CallNode, grow: (cut: CallNode) => void = () => {}): CallNode {
  let program = top
  // Only right below the thread, one in another.
  let startsThread = top.parent !== null && top.parent.isThread
  for (;;) {
    startsThread = startsThread && isThreadStart(program.code)
    if (!startsThread && !mayBeMachinery(program)) return program
    if (program.isCut) grow(program)
    const below = belowMachinery(program)
    if (below === null) return program
    program = below
  }
}

/** Whether a node may be machinery other than what starts a thread, by what is known without its
 *  children. */
function mayBeMachinery(node: CallNode): boolean {
  const { code, parent } = node
  if (isOwnCommand(code) || isRunpy(code)) return true
  // exec() and the one line of text that calls runpy are machinery only in between.
  if (parent === null || parent.isThread) return false
  return code.file === '<string>' || (code.name === 'exec' && code.isNative)
}

/** The child that *node*, which may be machinery, ran as such; null where it is none. */
function belowMachinery(node: CallNode): CallNode | null {
  const children = realChildren(node)
  if (children.length === 0) return null
  const heaviest = children.reduce((most, child) => (child.totalNs > most.totalNs ? child : most))
  // However short the program was, what our own frames took beside it is nobody's concern.
  if (isOwnCommand(node.code) && children.length === 1) return heaviest
  if (heaviest.totalNs <= SHARE_OF_PARENT * node.totalNs) return null
  return node.code.file === '<string>' && !isRunpy(heaviest.code) ? null : heaviest
}

function realChildren(node: CallNode): CallNode[] {
  return node.children.filter((child) => !child.isSynthetic)
}

/** Whether a function is of an installed `pyinstrument` (a checkout's `src` included). A module's
 *  top level never is: a program's own file may lie in a folder of that name. */
function isOwnCommand(code: ProfiledFunction): boolean {
  if (code.name === '<module>') return false
  const folders = pathComponents(code.file).slice(0, -1)
  // Any of them: a checkout may itself be called so.
  return folders.some(
    (folder, place) => OWN_PACKAGES.has(folder) && INSTALLED_IN.has(folders[place - 1]),
  )
}

/** Whether a function is one of those that `threading` starts a thread with. */
function isThreadStart(code: ProfiledFunction): boolean {
  return pathComponents(code.file).at(-1) === 'threading.py' && THREAD_START.has(code.name)
}

/** Whether a function is of the standard library's `runpy`, which runs modules and files. */
function isRunpy(code: ProfiledFunction): boolean {
  return code.file === '<frozen runpy>' || pathComponents(code.file).at(-1) === 'runpy.py'
}
