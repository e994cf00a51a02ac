// The report that is open: its session, and the one state that all views share. Views read the
// derived fields and call the methods; what they keep for themselves (open rows, zoom) is theirs.
import { createContext } from 'svelte'
import { PatternError } from '../lib/errors'
import { chipsOf } from '../lib/filter/chips'
import { type Filter, chainOf } from '../lib/filter/filter'
import { matchedNs, matchingLocations, parseSearch } from '../lib/filter/search'
import {
  NO_SELECTION,
  type Selection,
  type View,
  type ViewState,
} from '../lib/link/view-state'
import { rowsByKey } from '../lib/rows/rows-by-key'
import { type StackRows, stackRows } from '../lib/rows/stack-rows'
import { Weigher } from '../lib/rows/weigher'
import { type Session, threadTitle } from '../lib/session/session'
import { type TimeStyle, columnFormat, formatShare } from '../lib/text/units'
import { callTree } from '../lib/tree/apply-chain'
import type { CallNode } from '../lib/tree/call-node'
import { type CallTree, nodeAtPath } from '../lib/tree/call-tree'
import { TreeGrower } from '../lib/tree/tree-grower'
import { CanvasData } from './canvas-data.svelte'

export class Report {
  readonly session: Session
  readonly rows: StackRows
  readonly weigher: Weigher
  /** As the report was made; links say what differs. */
  readonly start: ViewState
  /** What flame graph, timeline and overview draw. */
  readonly canvas: CanvasData

  state: ViewState = $state.raw() as ViewState
  filter = $derived(this.state.filter)
  selection = $derived(this.state.selection)

  // By what they depend on, so that typing a search does not build the tree anew.
  #clock = $derived(this.filter.clock)
  #thread = $derived(this.filter.thread)
  #range = $derived(this.filter.range)

  /** Time of each stack row under the clock, thread and range chosen. */
  weights = $derived.by(() =>
    this.weigher.weigh({ clock: this.#clock, thread: this.#thread, range: this.#range }),
  )
  /** Nanoseconds of all that is chosen: 100 %. */
  wholeNs = $derived(this.weights.total[0])

  #chainKey = $derived(JSON.stringify({ ...this.filter, search: '', range: null, thread: null }))
  #chain = $derived.by(() => chainOf(JSON.parse(this.#chainKey) as Filter))
  #built = $derived.by(() => callTree(this.rows, this.weights, this.#chain))
  #grower = $derived.by(() => new TreeGrower(this.rows, this.weights, this.#chain))
  // The same nodes, but each time that they have grown another tree to what is derived from it.
  #latest: { built: CallTree; tree: CallTree } = { built: { root: null }, tree: { root: null } }
  #growths = $state(0)
  /** With the way to what is selected, also where the tree had got too large for that. */
  tree: CallTree = $derived.by(() => {
    void this.#growths
    const built = this.#built
    if (this.#latest.built !== built) this.#latest = { built, tree: built }
    const latest = this.#latest
    nodeAtPath(built, this.selection.path, (cut) => {
      this.growOne(cut)
      latest.tree = { ...built }
    })
    return latest.tree
  })
  /** By function: whether the reader sees its calls' time as that of their callers. */
  isSkipped = $derived.by(() => {
    const { skips } = this.#chain.rules
    return this.rows.functions.functions.map((code) => skips.some((skipsIt) => skipsIt(code)))
  })
  /** The node that is selected, or the nearest one that the options left of the way to it. */
  selectedNode: CallNode | null = $derived(nodeAtPath(this.tree, this.selection.path))

  #typed = $derived(this.filter.search)
  /** What the search means, or why it means nothing. */
  search = $derived.by(() => {
    try {
      return { parsed: parseSearch(this.#typed), fault: null }
    } catch (fault) {
      if (fault instanceof PatternError) return { parsed: null, fault: fault.message }
      throw fault
    }
  })
  /** By location, 1 where it matches the search; null without a search. */
  matching = $derived.by(() => {
    const { parsed } = this.search
    const { functions, session } = this.rows
    return parsed && matchingLocations(functions, session.locations, parsed)
  })
  /** Time in stacks with a match. */
  matchedNs = $derived.by(() =>
    this.matching ? matchedNs(this.rows, this.weights, this.matching) : 0,
  )

  chips = $derived(chipsOf(this.filter, (thread) => threadTitle(this.session, thread)))

  #column = $derived.by(() => columnFormat(this.wholeNs, this.session.facts.intervalNs))
  /** The unit that times are in. */
  unit = $derived(this.state.times === 'percent' ? '%' : this.#column.unit)

  constructor(session: Session, start: ViewState, state: ViewState = start) {
    this.session = session
    this.start = start
    this.rows = stackRows(session)
    this.weigher = new Weigher(this.rows)
    this.state = this.#sane(state)
    this.canvas = new CanvasData(this)
  }

  /** Step by step, what a reader will want soon and would have to wait for. */
  *prepare(): Generator<void, void> {
    rowsByKey(this.rows.function)
    yield
    yield* this.canvas.prepare()
  }

  /** Gives nodes of the tree that were cut what is above them. */
  grow(nodes: readonly CallNode[]): void {
    this.#grower.grow(nodes)
    this.#latest.tree = { ...this.#built }
    this.#growths++
  }

  /** Gives a node that was cut its children. For whoever looks at the tree first: what was derived
   *  from it before stays as it is. */
  growOne(node: CallNode): void {
    this.#grower.growOne(node)
  }

  /** A time as the reader wants it, *wholeNs* being 100 %: of another thread, say. */
  format(ns: number, wholeNs: number = this.wholeNs): string {
    return this.state.times === 'percent' ? formatShare(ns, wholeNs) : this.#column(ns)
  }

  /** Takes another state as a whole: of a link. */
  open(state: ViewState): void {
    this.state = this.#sane(state)
  }

  show(view: View): void {
    this.state = { ...this.state, view }
  }

  write(times: TimeStyle): void {
    this.state = { ...this.state, times }
  }

  /** Changes some of the filter. */
  narrow(change: Partial<Filter>): void {
    this.state = { ...this.state, filter: { ...this.filter, ...change } }
  }

  select(selection: Partial<Selection>): void {
    this.state = { ...this.state, selection: { ...NO_SELECTION, ...selection } }
  }

  selectNode(node: CallNode): void {
    this.select({ code: node.code.id, path: node.path })
  }

  /** A link may be of another report: what this one does not have is left out. */
  #sane(state: ViewState): ViewState {
    const { filter, selection } = state
    const known = (code: number) => code < this.rows.functions.functions.length
    const isThread =
      filter.thread === null || this.rows.lanes.some((lane) => lane.thread === filter.thread)
    const isKnown =
      selection.code === null || (known(selection.code) && selection.path.every(known))
    return {
      ...state,
      filter: isThread ? filter : { ...filter, thread: null },
      selection: isKnown ? selection : NO_SELECTION,
    }
  }
}

export const [getReport, setReport] = createContext<Report>()
