// The rows directly above some rows, grouped by function. Functions that are skipped, and calls
// of a function by itself where recursion is folded, are looked through: their own time and their
// children count as those of the row below.
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'

export interface ChildGroup {
  /** Id of the function. */
  code: number
  rows: number[]
  totalNs: number
  cpuNs: number
  ticks: number
}

export interface Above {
  /** Own time of the rows; its `rows` are those that have some. */
  own: ChildGroup
  /** One a function. */
  groups: ChildGroup[]
  /** Rows of the function itself that were looked through. */
  folded: number[]
  /** At most so many of them, one in another. */
  recursionDepth: number
}

export class ChildGrouping {
  readonly #rows: StackRows
  readonly #weights: Weights
  readonly #skipped: boolean[]
  readonly #foldRecursion: boolean
  /** By function: its place among the groups of the call that is under way, or -1. One array for
   *  all calls: a map for each would take most of the time. */
  readonly #place: Int32Array

  constructor(rows: StackRows, weights: Weights, skipped: boolean[], foldRecursion: boolean) {
    this.#rows = rows
    this.#weights = weights
    this.#skipped = skipped
    this.#foldRecursion = foldRecursion
    this.#place = new Int32Array(skipped.length).fill(-1)
  }

  /** What is above *rows*, which are of the function *code*. */
  above(rows: readonly number[], code: number): Above {
    const { end, function: functionOf, stretches } = this.#rows
    const { total, totalCpu, totalTicks } = this.#weights
    const own = emptyGroup(this.#rows.functions.self.id)
    const found: Above = { own, groups: [], folded: [], recursionDepth: 0 }
    const foldedCode = this.#foldRecursion ? code : -1
    // Two queues of equal length: rows to look at, and how deep in a recursion each is.
    const looked = rows.slice()
    const depths = rows.map(() => 0)
    for (let place = 0; place < looked.length; place++) {
      const row = looked[place]
      this.#addOwn(found.own, row)
      for (let child = row + 1; child < end[row]; child = end[child]) {
        const stretch = stretches.of[child]
        if (!total[stretch]) continue
        const id = functionOf[child]
        if (id === foldedCode) {
          found.folded.push(child)
          looked.push(child)
          depths.push(depths[place] + 1)
          found.recursionDepth = Math.max(found.recursionDepth, depths[place] + 1)
        } else if (this.#skipped[id]) {
          looked.push(child)
          depths.push(depths[place])
        } else {
          if (this.#place[id] < 0) this.#place[id] = found.groups.push(emptyGroup(id)) - 1
          const group = found.groups[this.#place[id]]
          group.rows.push(child)
          group.totalNs += total[stretch]
          group.cpuNs += totalCpu[stretch]
          group.ticks += totalTicks[stretch]
        }
      }
    }
    for (const group of found.groups) this.#place[group.code] = -1
    return found
  }

  #addOwn(own: ChildGroup, row: number): void {
    const { of, last } = this.#rows.stretches
    const { self, selfCpu, selfTicks } = this.#weights
    const stretch = of[row]
    if (last[stretch] !== row || !self[stretch]) return
    own.rows.push(row)
    own.totalNs += self[stretch]
    own.cpuNs += selfCpu[stretch]
    own.ticks += selfTicks[stretch]
  }
}

function emptyGroup(code: number): ChildGroup {
  return { code, rows: [], totalNs: 0, cpuNs: 0, ticks: 0 }
}
