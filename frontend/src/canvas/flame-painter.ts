// Paints a flame graph: levels from the top down, one row of pixels-high boxes each.
import type { ProfiledFunction } from '../lib/code/profiled-function'
import type { Extent } from '../lib/axis/extent'
import type { Palette } from '../lib/colour/palette'
import { type FlameLayout, levelCount, levelOf } from '../lib/flame/flame-layout'
import { eachVisible } from '../lib/flame/visible-frames'
import { frameLabel } from '../lib/text/frame-label'
import { formatShare } from '../lib/text/units'
import type { Pen } from './pen'

export const ROW = 19
/** Between boxes. */
const GAP = 1
/** Pixels: thinner hatching cannot be told from none. */
const LEAST_WAITING = 3

export interface FlameScene {
  layout: FlameLayout
  view: Extent
  scrollTop: number
  palette: Palette
  functions: readonly ProfiledFunction[]
  hues: readonly number[]
  /** By frame. */
  emphasis: Uint8Array
  /** By function; null without a search. */
  matching: Uint8Array | null
  /** Share of what is in view below which frames are drawn together. */
  threshold: number
  /** Function that is selected, or -1; and the one frame, or -1. */
  selectedCode: number
  selected: number
  pointed: number
  focused: number
}

export function paintFlame(scene: FlameScene, pen: Pen): void {
  const { layout, view, scrollTop, palette } = scene
  pen.clear(palette.surface)
  const perNs = pen.width / (view.endNs - view.startNs)
  const leastNs = Math.max(1.5 / perNs, scene.threshold * (view.endNs - view.startNs))
  const firstLevel = Math.max(0, Math.floor(scrollTop / ROW))
  const endLevel = Math.min(levelCount(layout), Math.ceil((scrollTop + pen.height) / ROW))
  for (let level = firstLevel; level < endLevel; level++) {
    const top = level * ROW - scrollTop
    eachVisible(layout, level, view, leastNs, (first, end) => {
      const x = (layout.start[first] - view.startNs) * perNs
      const endNs = layout.start[end - 1] + layout.total[end - 1]
      const width = (endNs - view.startNs) * perNs - x
      if (layout.total[first] < leastNs) paintRun(scene, pen, first, end, x, top, width)
      else paintFrame(scene, pen, first, x, top, width)
    })
  }
  for (let level = firstLevel; level < levelCount(layout); level++) {
    eachVisible(layout, level, view, leastNs, (frame) => {
      paintWaiting(scene, pen, frame, level, perNs)
    })
  }
  const marks = [
    { frame: scene.pointed, thick: 1 },
    { frame: scene.selected, thick: 2 },
    { frame: scene.focused, thick: 2 },
  ]
  for (const { frame, thick } of marks) {
    if (frame < 0) continue
    const x = (layout.start[frame] - view.startNs) * perNs
    const top = levelOf(layout, frame) * ROW - scrollTop
    const width = Math.max(2, layout.total[frame] * perNs - GAP)
    pen.frame(x, top, width, ROW - GAP, palette.mark, thick)
  }
}

function paintFrame(
  scene: FlameScene,
  pen: Pen,
  frame: number,
  x: number,
  top: number,
  width: number,
): void {
  const { layout, palette, matching } = scene
  const id = layout.code[frame]
  const isDimmed = matching !== null && !matching[id]
  const fill = isDimmed ? palette.faint : palette.fill(scene.hues[id], scene.emphasis[frame])
  const boxWidth = Math.max(0.5, width - GAP)
  pen.box(x, top, boxWidth, ROW - GAP, fill)
  if (id === scene.selectedCode) {
    pen.box(x, top + ROW - GAP - 2, boxWidth, 2, palette.mark)
  }
  const name = frameLabel(scene.functions[id])
  const { isThread } = scene.functions[id]
  const colour = isDimmed ? palette.faintText : palette.label
  const share = frame === 0 || isThread ? '' : formatShare(layout.total[frame], layout.wholeNs)
  const nameWidth = pen.widthOf(name) + 8
  const shareWidth = share && pen.widthOf(share) + 8
  pen.label(name, x, top, boxWidth, ROW - GAP, colour)
  // At the right, where there is room for both.
  const right = Math.min(pen.width, x + boxWidth)
  const left = Math.max(0, x)
  if (shareWidth && right - left > nameWidth + shareWidth + 24) {
    pen.text(share, right - shareWidth + 4, top + (ROW - GAP) / 2, colour)
  }
}

/** Hatched is the whole stack, as wide as it waited: at the right of its last frame, where nothing
 *  that was called is in the way; a line ends it. */
function paintWaiting(
  { layout, view, scrollTop, palette }: FlameScene,
  pen: Pen,
  frame: number,
  level: number,
  perNs: number,
): void {
  const width = layout.waiting[frame] * perNs
  if (width < LEAST_WAITING) return
  const end = (layout.start[frame] + layout.total[frame] - view.startNs) * perNs
  const from = Math.max(0, end - width)
  const to = Math.min(pen.width, end - GAP)
  const bottom = (level + 1) * ROW - GAP - scrollTop
  if (to <= from) return
  pen.hatch(from, 0, to - from, Math.min(bottom, pen.height), palette.hatch)
  pen.box(from, bottom, to - from, 3, palette.waiting)
}

/** Frames that are too small each: their shape stays, their names come with zooming. */
function paintRun(
  scene: FlameScene,
  pen: Pen,
  first: number,
  end: number,
  x: number,
  top: number,
  width: number,
): void {
  const { layout, palette, matching } = scene
  let largest = first
  let isMatch = matching === null
  for (let frame = first; frame < end; frame++) {
    if (matching?.[layout.code[frame]]) isMatch = true
    if (layout.total[frame] > layout.total[largest]) largest = frame
  }
  const own = palette.fill(scene.hues[layout.code[largest]], scene.emphasis[largest])
  const fill = isMatch && matching !== null ? own : palette.faint
  pen.box(x, top, Math.max(0.75, width - Math.min(GAP, width / 4)), ROW - GAP, fill)
}
