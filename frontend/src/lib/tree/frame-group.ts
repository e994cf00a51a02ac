// A run of library frames that a view shows as one line.
import { libraryNames } from '../code/library-names'
import type { CallNode } from './call-node'

/** Nodes hidden together: a root and hidden nodes beneath it, connected. */
export class FrameGroup {
  readonly root: CallNode
  /** The members, root first, callers before what they call. */
  readonly nodes: CallNode[] = []

  constructor(root: CallNode) {
    this.root = root
    this.add(root)
  }

  /** Makes a node of no group a member. */
  add(node: CallNode): void {
    node.group = this
    this.nodes.push(node)
  }

  /** Members that call something outside the group. */
  get exits(): CallNode[] {
    return this.nodes.filter((node) =>
      node.children.some((child) => child.group !== this && !child.isSynthetic),
    )
  }

  /** Names of the libraries that the members are of, without what is built in. */
  get libraries(): string[] {
    return libraryNames(this.nodes.map((node) => node.code))
  }
}
