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
  const perPart = pen.width / running.length
  const scale = (pen.height - 2) / most
  for (let part = 0; part < running.length; part++) {
    const x = part * perPart
    const ran = running[part] * scale
    const waited = waiting[part] * scale
    // Half a pixel over the edge, so that no seam is seen between parts.
    const width = perPart + 0.5
    pen.box(x, pen.height - ran, width, ran, palette.running)
    if (waited >= 0.5) {
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
