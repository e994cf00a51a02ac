// What of a plot is in view: its size in pixels, how far it is scrolled, the part of its x axis
// that is shown, and the way back. What hands and keys do to that is the same in every plot.
import type { Extent } from '../lib/axis/extent'
import { pannedBy, showing, zoomedAt } from '../lib/axis/zoom'
import type { PlotAction } from './plot-keys'
import { ZoomHistory } from './zoom-history.svelte'

export class PlotView {
  readonly zoom = new ZoomHistory()
  readonly #wholeOf: () => Extent
  width = $state(0)
  height = $state(0)
  scrollTop = $state(0)
  whole = $derived.by(() => this.#wholeOf())
  extent = $derived.by(() => this.zoom.view ?? this.whole)

  /** *whole* is all that there is to see; it is asked again when what it rests on changes. */
  constructor(whole: () => Extent) {
    this.#wholeOf = whole
  }

  get isZoomed(): boolean {
    return this.zoom.view !== null
  }

  get #perPixel(): number {
    return (this.extent.endNs - this.extent.startNs) / this.width
  }

  nsAt(x: number): number {
    return this.extent.startNs + x * this.#perPixel
  }

  panBy(byX: number): void {
    this.#go(pannedBy(this.extent, this.whole, -byX * this.#perPixel), true)
  }

  zoomBy(factor: number, x: number): void {
    this.#go(zoomedAt(this.extent, this.whole, factor, this.nsAt(x)), true)
  }

  zoomTo(extent: Extent): void {
    this.#go(extent, false)
  }

  showWhole(): void {
    this.#go(this.whole, false)
  }

  /** Moves no farther than that a part is in view. */
  show({ startNs, endNs }: Extent): void {
    this.#go(showing(this.extent, this.whole, startNs, endNs), true)
  }

  /** Scrolls to what is *top* pixels down and *height* high, where it is out of view; *above* is
   *  covered at the top. */
  reveal(top: number, height: number, above = 0): void {
    if (top - above < this.scrollTop) this.scrollTop = Math.max(0, top - above)
    else if (top + height > this.scrollTop + this.height) this.scrollTop = top - this.height / 2
  }

  /** What a key does to the view, around *focusNs* if that is in view; false: it means another
   *  thing, or there was no way back. */
  act(action: PlotAction, focusNs: number): boolean {
    const { startNs, endNs } = this.extent
    if (action.kind === 'zoom') {
      const isIn = focusNs >= startNs && focusNs <= endNs
      this.zoomBy(action.factor, isIn ? (focusNs - startNs) / this.#perPixel : this.width / 2)
    } else if (action.kind === 'pan') this.panBy(-action.x * this.width)
    else if (action.kind === 'whole') this.showWhole()
    else return action.kind === 'back' && this.zoom.back()
    return true
  }

  #go(extent: Extent, isGradual: boolean): void {
    this.zoom.go(extent, this.whole, isGradual)
  }
}
