// The ends of work that was handed to another thread, as remarks at the rows that show them.
import { formatDuration } from '../text/units'
import type { CallNode } from './call-node'
import type { FoldedGroups } from './folded-groups'
import type { ThreadLink } from './thread-links'

export interface LinkEnd {
  text: string
  /** The largest other end; null where the tree does not show it. */
  other: CallNode | null
}

export function linkEnds(
  links: readonly ThreadLink[],
  folded: FoldedGroups,
): ReadonlyMap<CallNode, LinkEnd> {
  const ends = new Map<CallNode, { awaited: ThreadLink[]; ranFor: ThreadLink[] }>()
  const add = (end: CallNode | null, side: 'awaited' | 'ranFor', link: ThreadLink) => {
    const shown = end && inSight(end)
    if (!shown) return
    if (!ends.has(shown)) ends.set(shown, { awaited: [], ranFor: [] })
    ends.get(shown)![side].push(link)
  }
  for (const link of links) {
    add(link.origin, 'awaited', link)
    add(link.work, 'ranFor', link)
  }
  return new Map([...ends].map(([node, { awaited, ranFor }]) => [node, remark(awaited, ranFor)]))

  /** What is hidden is spoken for by the call that hides it. */
  function inSight(end: CallNode): CallNode | null {
    let node: CallNode | null = end
    while (node && folded.hidden.has(node)) node = node.parent
    return node
  }
}

function remark(awaited: ThreadLink[], ranFor: ThreadLink[]): LinkEnd {
  const texts = []
  if (awaited.length) {
    const threads = new Set(awaited.map(({ thread }) => thread))
    const where = threads.size === 1 ? awaited[0].thread : `${threads.size} threads`
    const ns = awaited.reduce((sum, { durationNs }) => sum + durationNs, 0)
    texts.push(`ran in ${where}: ${formatDuration(ns)}`)
  }
  const callers = new Set(ranFor.flatMap(({ origin }) => (origin ? [callerOf(origin)] : [])))
  if (callers.size) {
    const [caller] = callers
    texts.push(`for ${caller}${callers.size > 1 ? ` and ${callers.size - 1} more` : ''}`)
  }
  const other = awaited[0]?.work ?? ranFor[0]?.origin ?? null
  return { text: texts.join(' · '), other }
}

/** The user's own function that waited, rather than what it called for that. */
function callerOf(origin: CallNode): string {
  let node: CallNode | null = origin
  while (node && (node.isSynthetic || !node.isApplicationCode)) node = node.parent
  return (node ?? origin).name
}
