// The times of a call, or of a function, that a panel lists.
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import type { Facts } from '../session/session'
import { counted, formatShare } from '../text/units'
import type { CallNode } from '../tree/call-node'
import { ownNs } from '../tree/own-time'

export interface CallTime {
  name: string
  ns: number
  waitingNs: number
  share: string
  note: string
}

/** From here on, the error is a twentieth of the time or less. */
const MANY_TICKS = 400

/** *wholeNs* is what shares are of. */
export function callTimes(
  node: CallNode,
  rows: StackRows,
  weights: Weights,
  wholeNs: number,
): CallTime[] {
  const { facts } = rows.session
  const selfNs = ownNs(node, rows, weights)
  const waitingNs = facts.cpuClock && weights.clock === 'wall' ? node.waitingNs : 0
  const times: CallTime[] = []
  const put = (name: string, ns: number, waited: number, note = '') =>
    times.push({ name, ns, waitingNs: waited, share: formatShare(ns, wholeNs), note })
  put('total', node.totalNs, waitingNs, sampleNote(node, wholeNs, facts))
  if (!node.isSyntheticLeaf) put('self', selfNs, 0)
  if (waitingNs) {
    put('running', node.totalNs - waitingNs, 0)
    put('waiting', waitingNs, waitingNs)
  }
  return times
}

/** How many observations a time rests on; where they are few, the standard error of its share. */
function sampleNote({ ticks, totalNs }: CallNode, wholeNs: number, facts: Facts): string {
  if (!ticks) return ''
  const count = counted(ticks, 'sample')
  const isSampled = totalNs <= 2 * ticks * facts.intervalNs
  if (!isSampled || !wholeNs || ticks > MANY_TICKS) return count
  const error = totalNs / wholeNs / Math.sqrt(ticks)
  return `± ${(error * 100).toFixed(1)}, ${count}`
}
