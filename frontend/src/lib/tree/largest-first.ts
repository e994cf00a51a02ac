// A queue that gives what is largest first, to within a factor of two: one list a power of two. Of
// one list the last comes first.

export class LargestFirst<Item> {
  readonly #lists: Item[][] = []
  #top = 0

  push(size: number, item: Item): void {
    const list = Math.max(0, Math.ceil(Math.log2(size + 1)))
    while (this.#lists.length <= list) this.#lists.push([])
    this.#lists[list].push(item)
    this.#top = Math.max(this.#top, list)
  }

  pop(): Item | undefined {
    while (this.#top > 0 && this.#lists[this.#top].length === 0) this.#top--
    return this.#lists[this.#top]?.pop()
  }
}
