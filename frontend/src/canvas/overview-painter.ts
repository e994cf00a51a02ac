// Paints the overview: what ran, solid, and on it what waited, hatched; dim where not chosen.
import type { Palette } from '../lib/colour/palette'
import type { Activity } from '../lib/overview/activity'
import type { TimeRange } from '../lib/rows/weights'
import type { Pen } from './pen'

export interface OverviewScene {
  activity: Activity
  range: TimeRange | null
  palette: Palette
}

export function paintOverview({ activity, range, palette }: OverviewScene, pen: Pen): void {
  const { running, waiting, most, wholeNs } = activity
  pen.clear(palette.raised)
  if (!most) return
  const scale = (pen.height - 2) / most
  // On whole pixels: edges between would show as seams.
  const xOf = (part: number) => Math.round((part / running.length) * pen.width)
  for (let part = 0; part < running.length; part++) {
    const x = xOf(part)
    const width = xOf(part + 1) - x
    const ran = Math.round(running[part] * scale)
    const waited = Math.round(waiting[part] * scale)
    if (!width) continue
    pen.box(x, pen.height - ran, width, ran, palette.running)
    if (waited) {
      pen.box(x, pen.height - ran - waited, width, waited, palette.surface)
      pen.hatch(x, pen.height - ran - waited, width, waited, palette.waiting)
    }
  }
  if (!range) return
  const from = (range.startNs / wholeNs) * pen.width
  const to = (range.endNs / wholeNs) * pen.width
  pen.box(0, 0, from, pen.height, palette.veil)
  pen.box(to, 0, pen.width - to, pen.height, palette.veil)
  pen.box(from - 1, 0, 1.5, pen.height, palette.text)
  pen.box(to, 0, 1.5, pen.height, palette.text)
}
