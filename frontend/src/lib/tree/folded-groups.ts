// Which frames of library groups stay out of sight until a group is opened: of a folded group only
// the entry is shown, the exits into other code, and what is expensive by itself. The console
// report has the same rule.
import { libraryNames } from '../code/library-names'
import type { CallNode } from './call-node'
import { type CallTree, rootsOf } from './call-tree'
import type { FrameGroup } from './frame-group'

/** A frame that itself took more of its thread than this is never hidden. */
const EXPENSIVE_SELF_SHARE = 0.2
/** Hiding fewer frames than this would hide nothing: saying so takes as much room. */
const MIN_HIDDEN = 2

/** What a folded group keeps from sight. */
export interface HiddenFrames {
  frames: number
  /** Names of their libraries; none where all was built in. */
  libraries: string[]
}

export class FoldedGroups {
  /** Nodes that are out of sight while their group is folded. */
  readonly hidden = new Map<CallNode, FrameGroup>()
  readonly ofGroup = new Map<FrameGroup, HiddenFrames>()

  constructor(tree: CallTree) {
    for (const root of rootsOf(tree)) {
      const expensiveNs = root.totalNs * EXPENSIVE_SELF_SHARE
      for (const node of root) if (node.group?.root === node) this.#hide(node.group, expensiveNs)
    }
  }

  /** What *node*, the entry of a group, stands for besides itself; null for any other node. */
  behind(node: CallNode): HiddenFrames | null {
    return (node.group?.root === node && this.ofGroup.get(node.group)) || null
  }

  /** Children as they are shown: hidden ones give way to theirs. */
  childrenOf(node: CallNode, open: ReadonlySet<FrameGroup>): CallNode[] {
    const isOut = (child: CallNode) => {
      const group = this.hidden.get(child)
      return group !== undefined && !open.has(group)
    }
    if (!this.hidden.size || !node.children.some(isOut)) return node.children
    const shown: CallNode[] = []
    const waiting = node.children.slice().reverse()
    for (let child = waiting.pop(); child; child = waiting.pop()) {
      if (!isOut(child)) shown.push(child)
      else for (let at = child.children.length - 1; at >= 0; at--) waiting.push(child.children[at])
    }
    return shown
  }

  #hide(group: FrameGroup, expensiveNs: number): void {
    const shown = new Set(group.exits).add(group.root)
    const hidden = group.nodes.filter((node) => !shown.has(node) && node.selfNs <= expensiveNs)
    if (hidden.length < MIN_HIDDEN) return
    for (const node of hidden) this.hidden.set(node, group)
    // `[self]` and its like are no frames: they go with theirs, and are not counted.
    for (const node of group.nodes) {
      for (const child of node.children) {
        if (child.isSyntheticLeaf && child.totalNs <= expensiveNs) this.hidden.set(child, group)
      }
    }
    const libraries = libraryNames(hidden.map((node) => node.code))
    this.ofGroup.set(group, { frames: hidden.length, libraries })
  }
}
