// What a key does in the tree view: which call it selects, and what it opens or closes.
import { listStep } from '../list-keys'
import type { CallNode } from './call-node'
import type { FoldedGroups } from './folded-groups'
import type { LinkEnd } from './link-ends'
import { type OpenNodes, heavyPath, setAllOpen, toggleOpen } from './open-nodes'
import type { TreeRow } from './visible-rows'

export interface TreeMove {
  select?: CallNode
  edit?: (open: OpenNodes) => void
}

export interface TreeSituation {
  rows: readonly TreeRow[]
  /** Place of the selected row. */
  selected: number
  folded: FoldedGroups
  /** Rows in sight. */
  page: number
  ends: ReadonlyMap<CallNode, LinkEnd>
}

export type Pressed = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey'>

/** null: the key means nothing here. */
export function treeKey(pressed: Pressed, situation: TreeSituation): TreeMove | null {
  const { rows, selected, folded, page, ends } = situation
  const row = rows[selected]
  if (!row || pressed.ctrlKey || pressed.metaKey) return null
  const { node } = row
  const to = (place: number): TreeMove => ({ select: rows[place].node })
  const step = listStep(pressed.key, selected, { count: rows.length, page })
  if (step !== null) return to(step)
  switch (pressed.key) {
    case 'ArrowRight':
      if (pressed.altKey) return { edit: (open) => setAllOpen(open, folded, node, true) }
      if (!row.isOpen) return row.hasChildren ? { edit: ({ nodes }) => nodes.add(node) } : {}
      return to(selected + 1)
    case 'ArrowLeft':
      if (pressed.altKey) return { edit: (open) => setAllOpen(open, folded, node, false) }
      if (row.isOpen) return { edit: ({ nodes }) => nodes.delete(node) }
      return row.parent < 0 ? {} : to(row.parent)
    case 'Enter':
    case ' ':
      return { edit: (open) => toggle(open) }
    case 'g':
      return { edit: (open) => void toggleGroup(open) }
    case 'e':
      return {
        edit: (open) => {
          const path = heavyPath(node, folded, open)
          for (const step of path) open.nodes.add(step)
        },
        select: heavyPath(node, folded, { nodes: new Set(), groups: new Set() }).findLast(
          (step) => !step.isSyntheticLeaf,
        ),
      }
    case 'l': {
      const other = ends.get(node)?.other
      return other ? { select: other } : {}
    }
    default:
      return null
  }

  function toggle(open: OpenNodes): void {
    if (folded.behind(node) && toggleGroup(open)) return
    toggleOpen(open, node)
  }

  /** Of the group that the row begins or belongs to. */
  function toggleGroup(open: OpenNodes): boolean {
    const { group } = node
    if (!group || !folded.ofGroup.has(group)) return false
    if (!open.groups.delete(group)) {
      open.groups.add(group)
      open.nodes.add(node)
    }
    return true
  }
}
