// Paints a timeline: an axis that stays, and beneath it a lane a thread with its calls over time.
import type { Extent } from '../lib/axis/extent'
import { axisTicks } from '../lib/axis/ticks'
import type { ProfiledFunction } from '../lib/code/profiled-function'
import type { Palette } from '../lib/colour/palette'
import { Emphasis } from '../lib/flame/emphasis'
import type { CallPaths } from '../lib/rows/call-paths'
import { frameLabel } from '../lib/text/frame-label'
import { type Span, eachSpan, eachWait } from '../lib/timeline/spans'
import type { TimelineLane } from '../lib/timeline/timeline-lanes'
import type { Pen } from './pen'

export const ROW = 17
export const AXIS = 22
/** What is narrower shows the longest of it: a picture of a million samples is quick to paint. */
export const BIN = 2
const GAP = 1
/** Pixels between marks of the axis, at least. */
const TICK_ROOM = 90

/** A lane in its place: from the top of the content, without the axis. */
export interface PlacedLane {
  lane: TimelineLane
  top: number
  /** Of its title; 0 where there is one lane only. */
  header: number
  /** None where it is closed. */
  levels: number
}

export interface TimelineScene {
  lanes: readonly PlacedLane[]
  paths: CallPaths
  view: Extent
  scrollTop: number
  palette: Palette
  functions: readonly ProfiledFunction[]
  hues: readonly number[]
  /** By function. */
  emphasis: Uint8Array
  matching: Uint8Array | null
  selectedCode: number
  marks: readonly { lane: TimelineLane; span: Span; thick: number }[]
}

export function paintTimeline(scene: TimelineScene, pen: Pen): void {
  const { palette, scrollTop, view } = scene
  pen.clear(palette.surface)
  const perNs = pen.width / (view.endNs - view.startNs)
  const ticks = axisTicks(view.startNs, view.endNs, Math.max(1, Math.floor(pen.width / TICK_ROOM)))
  for (const { ns } of ticks) {
    pen.box(Math.round((ns - view.startNs) * perNs), AXIS, 1, pen.height, palette.line)
  }
  for (const placed of scene.lanes) {
    const top = AXIS + placed.top - scrollTop
    const bottom = top + placed.header + placed.levels * ROW
    if (bottom > AXIS && top < pen.height) paintLane(scene, pen, placed, top, perNs)
  }
  for (const mark of scene.marks) paintMark(scene, pen, mark, perNs)
  pen.box(0, 0, pen.width, AXIS, palette.surface)
  pen.box(0, AXIS - 1, pen.width, 1, palette.line)
  for (const { ns, label } of ticks) {
    const x = Math.round((ns - view.startNs) * perNs)
    pen.box(x, AXIS - 6, 1, 6, palette.textDim)
    const isCut = x + 4 + pen.widthOf(label) > pen.width
    if (!isCut) pen.text(label, x + 4, AXIS / 2 - 1, palette.textDim)
  }
}

function paintLane(
  scene: TimelineScene,
  pen: Pen,
  { lane, header, levels }: PlacedLane,
  top: number,
  perNs: number,
): void {
  const { view, paths, palette, functions, hues, matching } = scene
  const binNs = BIN / perNs
  const first = top + header
  const shown = {
    from: Math.max(0, Math.floor((AXIS - first) / ROW)),
    to: Math.min(levels, Math.ceil((pen.height - first) / ROW)),
  }
  const xOf = (ns: number) => (ns - view.startNs) * perNs
  eachSpan(lane, paths, view, binNs, shown, (startNs, endNs, level, path) => {
    const id = paths.code[path]
    const x = xOf(startNs)
    const width = xOf(endNs) - x
    const y = first + level * ROW
    const isDimmed = matching !== null && !matching[id]
    const claim = scene.emphasis[id]
    const own = claim === Emphasis.AS_CALLER ? Emphasis.STRONG : claim
    const boxWidth = width >= 3 ? width - GAP : Math.max(0.75, width)
    pen.box(x, y, boxWidth, ROW - GAP, isDimmed ? palette.faint : palette.fill(hues[id], own))
    if (id === scene.selectedCode) pen.box(x, y + ROW - GAP - 2, boxWidth, 2, palette.mark)
    const colour = isDimmed ? palette.faintText : palette.label
    pen.label(frameLabel(functions[id]), x, y, boxWidth, ROW - GAP, colour)
  })
  eachWait(lane, paths, view, binNs, (startNs, endNs, deep) => {
    const from = Math.max(0, xOf(startNs))
    const to = Math.min(pen.width, xOf(endNs))
    const height = Math.min(deep, levels) * ROW
    if (to > from) pen.box(from, first + height, to - from, 3, palette.waiting)
    if (to - from > 1) pen.hatch(from, first, to - from, height, palette.hatch)
  })
  if (header) {
    // Over what a lane above it has: its title stays in view as long as the lane does.
    const y = Math.min(Math.max(top, AXIS), Math.max(top, first + levels * ROW - header))
    pen.box(0, y, pen.width, header - 1, palette.raised)
    const sign = levels ? '▾' : '▸'
    pen.text(`${sign} ${lane.title}`, 6, y + header / 2 - 1, palette.text)
  }
}

function paintMark(
  { lanes, view, scrollTop, palette }: TimelineScene,
  pen: Pen,
  { lane, span, thick }: { lane: TimelineLane; span: Span; thick: number },
  perNs: number,
): void {
  const placed = lanes.find((one) => one.lane === lane)
  if (placed === undefined || span.level >= placed.levels) return
  const y = AXIS + placed.top + placed.header + span.level * ROW - scrollTop
  if (y < AXIS - ROW) return
  const x = Math.max(-4, (span.startNs - view.startNs) * perNs)
  const end = Math.min(pen.width + 4, (span.endNs - view.startNs) * perNs)
  pen.frame(x, y, Math.max(2, end - x - GAP), ROW - GAP, palette.mark, thick)
}
