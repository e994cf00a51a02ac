// What the canvas views draw, derived from the report and kept while the reader is in another view.
import { rankOf } from '../lib/code/profiled-function'
import { packageHues } from '../lib/colour/package-hues'
import { type Filter, chainOf } from '../lib/filter/filter'
import { bottomUp } from '../lib/flame/bottom-up'
import { emphasisOf, frameEmphasis } from '../lib/flame/emphasis'
import { topDown } from '../lib/flame/top-down'
import { topPackages } from '../lib/flame/top-packages'
import { type Activity, activity, runEndNs } from '../lib/overview/activity'
import { remembered } from '../lib/remembered'
import { type CallPaths, callPaths, pathTimes } from '../lib/rows/call-paths'
import type { StackRows } from '../lib/rows/stack-rows'
import { inOneGo } from '../lib/slices'
import { timelineLanes } from '../lib/timeline/timeline-lanes'
import { callTree } from '../lib/tree/apply-chain'
import { type ShownRoot, shownRoots } from '../lib/tree/shown-roots'
import { LaneStore } from './lane-store.svelte'
import type { Report } from './report.svelte'

/** Enough for where a timeline begins; a tree with all its nodes would take longer to build. */
const LANE_THRESHOLD = 0.01
/** Of the overview: more than it has pixels on most screens. */
const PARTS = 600
const LEGEND_PACKAGES = 6

export class CanvasData {
  readonly #report: Report
  readonly #rows: StackRows
  /** By function: its hue in degrees, from its package. */
  readonly hues: readonly number[]
  readonly runEndNs: number
  readonly #rank: Uint32Array
  readonly #laneStore: LaneStore

  #thread = $derived.by(() => this.#report.filter.thread)
  #switches = $derived.by(() => switchesOf(this.#report.filter))
  #laneFilter = $derived.by(() => {
    const filter = { ...this.#report.filter, range: null, search: '', clock: 'wall' }
    return JSON.stringify({ ...filter, threshold: LANE_THRESHOLD })
  })
  #patterns = $derived.by(() => {
    const { show, hide } = this.#report.filter
    return JSON.stringify([show, hide])
  })

  /** Whether it is known what waited, and shown: CPU time has none of it. */
  hasWaiting = $derived.by(() => {
    const { session, weights } = this.#report
    return session.facts.cpuClock !== '' && weights.clock === 'wall'
  })
  paths = $derived.by(() => this.#pathsOf(this.#switches))
  #roots = $derived.by(() => this.#rootsOf(shownRoots(this.#report.tree, this.paths)))
  #times = $derived.by(() => {
    const { self, selfCpu } = this.#report.weights
    return this.#timesOf(this.paths, self, this.hasWaiting ? selfCpu : null)
  })
  topDown = $derived.by(() => topDown(this.paths, this.#times, this.#roots, this.#rank))
  bottomUp = $derived.by(() => {
    const root = this.#rows.functions.root.id
    return bottomUp(this.paths, this.#times, this.#roots, this.#rank, root)
  })
  #laneRoots = $derived.by(() => this.#laneRootsOf(this.#laneFilter))
  /** Of the threads whose samples are ready. */
  lanes = $derived.by(() =>
    timelineLanes(this.#rows, this.#laneRoots.paths, this.#laneRoots.roots, (thread) =>
      this.#laneStore.of(thread),
    ),
  )
  /** Whether `lanes` has all threads. */
  hasAllLanes = $derived.by(() => this.#laneStore.isReady)
  /** By function. */
  emphasis = $derived.by(() => {
    const [show, hide] = JSON.parse(this.#patterns) as [string, string]
    const { options } = chainOf({ ...this.#report.start.filter, show, hide })
    return emphasisOf(this.#rows.functions.functions, options)
  })
  topPackages = $derived.by(() => {
    const { functions } = this.#rows.functions
    const emphasis = frameEmphasis(this.topDown, this.emphasis)
    return topPackages(this.topDown, functions, emphasis, this.hues, LEGEND_PACKAGES)
  })
  /** By function, 1 where it matches the search; null without a search. */
  matchingCodes = $derived.by(() => {
    const { matching } = this.#report
    if (matching === null) return null
    const { ofLocation, functions } = this.#rows.functions
    const found = new Uint8Array(functions.length)
    matching.forEach((matches, location) => (found[ofLocation[location]] |= matches))
    return found
  })
  activity: Activity = $derived.by(() => this.#activityOf(this.#thread))

  #pathsOf(switches: string): CallPaths {
    return inOneGo(this.#pathSteps(switches))
  }

  *#pathSteps(switches: string): Generator<void, CallPaths> {
    const filter = { ...this.#report.start.filter, ...(JSON.parse(switches) as Partial<Filter>) }
    const { skips, foldRecursion } = chainOf(filter).rules
    const { functions } = this.#rows.functions
    const skipped = functions.map((code) => skips.some((skipsIt) => skipsIt(code)))
    // Whatever is switched, what skips the same functions has the same paths.
    const key = JSON.stringify([skipped.flatMap((isIt, id) => (isIt ? [id] : [])), foldRecursion])
    if (this.#lastPaths?.key !== key) {
      const paths = yield* callPaths(this.#rows, skipped, foldRecursion)
      this.#lastPaths = { key, paths }
    }
    return this.#lastPaths.paths
  }
  #lastPaths: { key: string; paths: CallPaths } | null = null

  /** The same array for the same roots, so that nothing is laid out anew. */
  #rootsOf(roots: ShownRoot[]): ShownRoot[] {
    if (JSON.stringify(roots) !== JSON.stringify(this.#lastRoots)) this.#lastRoots = roots
    return this.#lastRoots
  }
  #lastRoots: ShownRoot[] = []
  readonly #timesOf = remembered(pathTimes)
  readonly #activityOf = remembered((thread: number | null) =>
    activity(this.#report.session, thread, PARTS),
  )
  readonly #laneRootsOf = remembered((laneFilter: string) => {
    const filter = JSON.parse(laneFilter) as Filter
    const paths = this.#pathsOf(switchesOf(filter))
    const tree = callTree(this.#rows, this.#report.weigher.weigh(filter), chainOf(filter))
    return { paths, roots: shownRoots(tree, paths) }
  })

  constructor(report: Report) {
    this.#report = report
    this.#rows = report.rows
    const { functions } = report.rows.functions
    const hues = packageHues(functions.map((code) => code.library))
    this.hues = functions.map((code) => hues.get(code.library) ?? 0)
    this.#rank = rankOf(functions)
    this.runEndNs = runEndNs(report.session)
    this.#laneStore = new LaneStore(report.rows, report.weigher)
  }

  /** See `Report`. */
  *prepare(): Generator<void, void> {
    yield* this.#pathSteps(switchesOf(this.#report.filter))
    yield
    yield* this.#laneStore.prepare()
  }
}

/** Of a filter, what decides which rows are one path. */
function switchesOf({ removeImportlib, removeTracebackhide, foldRecursion }: Filter): string {
  return JSON.stringify({ removeImportlib, removeTracebackhide, foldRecursion })
}
