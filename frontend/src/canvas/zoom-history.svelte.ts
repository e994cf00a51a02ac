// What part of the whole is in view, and the way back.
import type { Extent } from '../lib/axis/extent'
import { isWhole } from '../lib/axis/zoom'

/** Turns of a wheel that follow each other so closely are one step. */
const ONE_STEP_MS = 600
const MAX_STEPS = 100

export class ZoomHistory {
  /** null: the whole. */
  view: Extent | null = $state.raw(null)
  readonly #before: (Extent | null)[] = []
  #lastMs = -Infinity

  /** Goes to *view*; *isGradual*: by a wheel or a key that is held. */
  go(view: Extent, whole: Extent, isGradual: boolean): void {
    const now = performance.now()
    if (!isGradual || now - this.#lastMs > ONE_STEP_MS) {
      this.#before.push(this.view)
      if (this.#before.length > MAX_STEPS) this.#before.shift()
    }
    this.#lastMs = isGradual ? now : -Infinity
    this.view = isWhole(view, whole) ? null : view
  }

  /** Whether there was a way back. */
  back(): boolean {
    this.#lastMs = -Infinity
    while (this.#before.length) {
      const before = this.#before.pop() ?? null
      if (before !== this.view) {
        this.view = before
        return true
      }
    }
    const isZoomed = this.view !== null
    this.view = null
    return isZoomed
  }

  /** Begins anew: another graph, another run. */
  reset(view: Extent | null = null): void {
    this.#before.length = 0
    this.view = view
  }
}
