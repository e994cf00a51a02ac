// The samples of each thread as timelines need them: made once, in the background where there are
// many, so that a timeline that is opened before shows the threads that are ready.
import type { StackRows } from '../lib/rows/stack-rows'
import type { Weigher } from '../lib/rows/weigher'
import { type LaneSamples, laneSamples } from '../lib/timeline/lane-samples'

/** So many take a few milliseconds. */
const FEW_SAMPLES = 50_000

export class LaneStore {
  readonly #rows: StackRows
  readonly #weigher: Weigher
  readonly #made = new Map<number, LaneSamples>()
  #ready = $state(0)

  constructor(rows: StackRows, weigher: Weigher) {
    this.#rows = rows
    this.#weigher = weigher
    if (rows.ofSample.length > FEW_SAMPLES) return
    for (const steps = this.prepare(); !steps.next().done; );
  }

  get isReady(): boolean {
    return this.#ready >= this.#rows.lanes.length
  }

  /** null: not yet. */
  of(thread: number): LaneSamples | null {
    void this.#ready
    return this.#made.get(thread) ?? null
  }

  *prepare(): Generator<void, void> {
    for (const { thread } of this.#rows.lanes) {
      if (this.#made.has(thread)) continue
      this.#made.set(thread, yield* laneSamples(this.#rows, this.#weigher.samplesOf(thread)))
      this.#ready++
    }
  }
}
