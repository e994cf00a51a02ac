// What the reader looks at in detail: the call or function that the panel shows, and the steps from
// one match of the search to the next. Derived from the report; nothing here is in a link.
import { createContext } from 'svelte'
import type { ProfiledFunction } from '../lib/code/profiled-function'
import { functionTimes, inOrder } from '../lib/functions/flat'
import { functionClasses } from '../lib/functions/function-classes'
import { functionNode } from '../lib/functions/function-node'
import { neighboursOf } from '../lib/functions/neighbours'
import { matchesFunction } from '../lib/filter/search'
import { remembered } from '../lib/remembered'
import { lookedThrough } from '../lib/rows/looked-through'
import { NO_LOCATION, type StackRows } from '../lib/rows/stack-rows'
import type { CallNode } from '../lib/tree/call-node'
import { type CallTree, rootsOf } from '../lib/tree/call-tree'
import { FoldedGroups } from '../lib/tree/folded-groups'
import { NodeNames, functionName } from '../lib/tree/node-names'
import {
  type OpenNodes,
  carriedOver,
  heaviestApplicationNode,
  largestNodeOf,
  openAtFirst,
} from '../lib/tree/open-nodes'
import { type ThreadLink, threadLinks } from '../lib/tree/thread-links'
import { firstCalls, functionsAboveTrunk } from '../lib/tree/trunk'
import type { Report } from './report.svelte'

export class Focus {
  readonly #report: Report

  // Kept here, since a view is made anew each time it is shown.
  #kept: { tree: CallTree; open: OpenNodes } | null = null
  /** What of it is open in the tree that is shown now. */
  #carried: OpenNodes | null = null
  /** The report's, with what was open before. */
  tree: CallTree = $derived.by(() => {
    const { tree } = this.#report
    const grow = (cut: CallNode) => this.#report.growOne(cut)
    const kept = this.#kept
    this.#carried = kept && carriedOver(kept.open, kept.tree, tree, grow)
    return tree
  })
  folded = $derived.by(() => new FoldedGroups(this.tree))
  roots = $derived.by(() => rootsOf(this.tree))
  names = $derived.by(() => new NodeNames(this.#report.rows, this.#report.weights))

  #selectedCode = $derived.by(() => this.#report.selection.code)
  #first = $derived.by(() => heaviestApplicationNode(this.tree, this.folded))
  #edits = $state(0)
  /** What is open in the tree view. */
  open: OpenNodes = $derived.by(() => {
    void this.#edits
    const { tree } = this
    if (this.#kept?.tree !== tree) {
      this.#kept = { tree, open: this.#carried ?? openAtFirst(tree, this.folded) }
    }
    return { ...this.#kept.open }
  })
  links: readonly ThreadLink[] = $derived.by(() => threadLinks(this.tree, this.#report.rows))

  /** The call that is selected or, of a function, the one that took longest; at first the one
   *  where most of the time went. null where the tree has none of it. */
  node: CallNode | null = $derived.by(() => {
    if (this.#selectedCode === null) return this.#first
    const selected = this.#report.selectedNode
    if (selected?.code.id === this.#selectedCode) return selected
    return largestNodeOf(this.tree, this.#selectedCode)
  })
  /** Whether one place in the tree is meant, rather than a function. */
  isPlace = $derived.by(
    () => this.#selectedCode === null || this.#report.selection.path.length > 0,
  )
  /** The function: also where the tree leaves it out. */
  code = $derived.by(() => {
    const { functions } = this.#report.rows.functions
    return this.#selectedCode === null ? (this.node?.code ?? null) : functions[this.#selectedCode]
  })
  /** All calls of the function. */
  everywhere = $derived.by(() => {
    const { rows, weights } = this.#report
    return this.code === null ? null : functionNode(rows, weights, this.code)
  })
  neighbours = $derived.by(() => {
    const { rows, weights } = this.#report
    if (this.code === null) return null
    const { isSkipped } = this.#report
    const isAsItRan = isSkipped[this.code.id]
    const keys = isAsItRan ? rows.function : this.#visibleOf(rows, rows.function, isSkipped)
    return neighboursOf(rows, weights, this.code.id, keys)
  })
  /** By row: the function that its time is shown as, where it is part of the program. */
  functionOfRow = $derived.by(() => {
    const { rows, isSkipped } = this.#report
    // By what they are, so that another tree of the same program leaves all as it is.
    const roots = firstCalls(this.tree)
      .map((node) => node.rows.join())
      .join(';')
    const skipped = isSkipped.flatMap((isIt, id) => (isIt ? [id] : [])).join()
    return this.#functionOfRowOf(rows, roots, skipped)
  })
  #classes = $derived.by(() => functionClasses(this.#report.rows, this.#report.weights))
  /** Every function with time, the longest first. */
  functions = $derived.by(() =>
    this.#functionsOf(this.#report.rows, this.#report.weights, this.functionOfRow),
  )

  readonly #functionOfRowOf = remembered((rows: StackRows, _roots: string, _skipped: string) =>
    lookedThrough(rows, functionsAboveTrunk(this.tree, rows), this.#report.isSkipped),
  )
  readonly #visibleOf = remembered(lookedThrough)
  readonly #functionsOf = remembered((...given: Parameters<typeof functionTimes>) =>
    inOrder(functionTimes(...given), 'total'),
  )

  /** The calls of the tree that match the search, top down. */
  matches: readonly CallNode[] = $derived.by(() =>
    this.#report.matching === null
      ? []
      : this.roots.flatMap((root) => [...root].filter((node) => this.isMatch(node))),
  )
  /** Whether there may be more, in calls that are not built yet. */
  hasMoreMatches = $derived.by(
    () =>
      this.#report.matching !== null &&
      this.roots.some((root) => [...root].some((node) => node.isCut)),
  )
  matchingFunctions = $derived.by(() => {
    const { parsed } = this.#report.search
    return parsed ? this.functions.filter(({ code }) => matchesFunction(code, parsed)) : []
  })

  constructor(report: Report) {
    this.#report = report
  }

  /** Step by step, what the first search would have to wait for. */
  *prepare(): Generator<void, void> {
    void this.functions
    yield
  }

  /** Opens and closes in place what *edit* wants. */
  edit(edit: (open: OpenNodes) => void): void {
    edit(this.open)
    const wanted = [...this.open.nodes].filter((node) => node.isCut)
    if (wanted.length) this.#report.grow(wanted)
    this.#edits++
  }

  /** What a function is called, wherever it was called from. */
  nameOf(code: ProfiledFunction): string {
    return functionName(code, this.#classes[code.id])
  }

  /** Whether any line of a call matches the search. */
  isMatch(node: CallNode): boolean {
    const { matching, rows } = this.#report
    // The rows of `[self]` are those of the function it belongs to.
    if (matching === null || node.isSelf) return false
    return node.rows.some(
      (row) => rows.location[row] !== NO_LOCATION && matching[rows.location[row]] !== 0,
    )
  }

  /** What 100 % is for a node: its thread's time. */
  wholeOf(node: CallNode): number {
    let root = node
    while (root.parent && !root.isThread) root = root.parent
    return root.totalNs
  }

  /** Selects the next match, or the one before. */
  step(by: 1 | -1): void {
    const { state, selection } = this.#report
    if (state.view === 'functions' || state.view === 'source') {
      const found = this.matchingFunctions
      const at = found.findIndex(({ code }) => code.id === selection.code)
      const next = neighbour(found, at, by)
      if (next) this.#report.select({ code: next.code.id })
    } else {
      const at = this.node === null ? -1 : this.matches.indexOf(this.node)
      const next = neighbour(this.matches, at, by)
      if (next) this.#report.selectNode(next)
    }
  }
}

function neighbour<Item>(items: readonly Item[], at: number, by: 1 | -1): Item | undefined {
  if (at < 0) return by > 0 ? items[0] : items.at(-1)
  return items[(at + by + items.length) % items.length]
}

export const [getFocus, setFocus] = createContext<Focus>()
