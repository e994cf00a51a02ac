// The lines of a call that are shown below its row: the few that its time went to.
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import { type LineTime, hottestLines, nodeLines } from './node-lines'
import type { TreeRow } from './visible-rows'

const MOST = 3
const MIN_SHARE_OF_CALL = 0.1
const MIN_SHARE_OF_WHOLE = 0.01

export interface CallLine extends LineTime {
  /** '' where the text did not travel. */
  text: string
}

export function callLines(rows: StackRows, weights: Weights, row: TreeRow): CallLine[] {
  const { node, wholeNs } = row
  const texts = rows.session.sources.get(node.code.file)
  const least = Math.max(node.totalNs * MIN_SHARE_OF_CALL, wholeNs * MIN_SHARE_OF_WHOLE)
  return hottestLines(nodeLines(rows, weights, node), MOST)
    .filter(({ totalNs }) => totalNs >= least)
    .map((times) => ({ ...times, text: texts?.get(times.line)?.trim() ?? '' }))
}
