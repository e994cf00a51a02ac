// One node of a call tree: a function in its place, with the time spent there.
import {
  AWAIT,
  OUT_OF_CONTEXT,
  type ProfiledFunction,
  SELF,
} from '../code/profiled-function'
import type { FrameGroup } from './frame-group'

const SYNTHETIC_LEAVES: readonly string[] = [SELF, AWAIT, OUT_OF_CONTEXT]

/** What a node is made from; times are nanoseconds by the chosen clock. */
export interface NodeTimes {
  totalNs: number
  /** Time whose children were removed, or that a leaf stands for. */
  absorbedNs?: number
  cpuNs?: number
  ticks?: number
}

/**
 * Always: `totalNs` is `absorbedNs` plus the children's `totalNs`, and each child's `parent` is
 * this node. Own time is a `[self]` leaf among the children or, once that was removed, absorbed.
 */
export class CallNode {
  readonly code: ProfiledFunction
  totalNs: number
  absorbedNs: number
  cpuNs: number
  /** Observations. */
  ticks: number
  /** The stack rows it stands for: of a folded recursion the outermost. */
  rows: readonly number[]
  /** The inner rows of a folded recursion. */
  folded: readonly number[] = []
  /** How many calls of itself are folded into it, at most, one in another. */
  recursionDepth = 0
  /** Of the absorbed time, that of calls which are not built yet, since the tree was large enough,
   *  and its own until then. */
  cutNs = 0
  children: CallNode[] = []
  parent: CallNode | null = null
  group: FrameGroup | null = null

  constructor(code: ProfiledFunction, times: NodeTimes, rows: readonly number[] = []) {
    this.code = code
    this.totalNs = times.totalNs
    this.absorbedNs = times.absorbedNs ?? 0
    this.cpuNs = times.cpuNs ?? 0
    this.ticks = times.ticks ?? 0
    this.rows = rows
  }

  get name(): string {
    return this.code.name
  }

  get isSynthetic(): boolean {
    return this.code.isSynthetic
  }

  get isSelf(): boolean {
    return this.code.isSynthetic && this.code.name === SELF
  }

  /** Stands for time, never for a call: `[self]`, `[await]`, `[out-of-context]`. */
  get isSyntheticLeaf(): boolean {
    return this.code.isSynthetic && SYNTHETIC_LEAVES.includes(this.code.name)
  }

  /** Whether there are calls above it that are not built yet. */
  get isCut(): boolean {
    return this.cutNs > 0
  }

  get isThread(): boolean {
    return this.code.isThread
  }

  /** Whether this is the user's own code; code run from a string is what its caller is. */
  get isApplicationCode(): boolean {
    let claim = this.code.isApplicationCode
    for (let node = this.parent; claim === null; node = node.parent) {
      if (node === null || node.isSynthetic) return true
      claim = node.code.isApplicationCode
    }
    return claim
  }

  /** In the node itself: absorbed, and its `[self]` children. */
  get selfNs(): number {
    let found = this.absorbedNs
    for (const child of this.children) if (child.isSelf) found += child.totalNs
    return found
  }

  /** Time in which the thread did not run; clocks differ a little, so never below 0. */
  get waitingNs(): number {
    return Math.max(0, this.totalNs - this.cpuNs)
  }

  /** Ids of the functions from the root to this node: what a selection keeps of it. */
  get path(): number[] {
    const found: number[] = []
    for (let node: CallNode | null = this; node; node = node.parent) found.push(node.code.id)
    return found.reverse()
  }

  /** This node and everything beneath it, parents before children, in order. */
  *[Symbol.iterator](): Generator<CallNode> {
    const waiting: CallNode[] = [this]
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      yield node
      for (let place = node.children.length - 1; place >= 0; place--) {
        waiting.push(node.children[place])
      }
    }
  }
}
