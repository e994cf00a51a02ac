// Groups of library calls by number, in the order in which they are met.
import type { FrameGroup } from '../../src/lib/tree/frame-group'

export class GroupNumbers {
  readonly #numbers = new Map<FrameGroup, number>()

  of(group: FrameGroup): number {
    if (!this.#numbers.has(group)) this.#numbers.set(group, this.#numbers.size + 1)
    return this.#numbers.get(group)!
  }
}
