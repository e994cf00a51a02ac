// The longest of any stretch of samples, in steps that grow with the stretch's logarithm.

/** A tree over the samples, as an array: node n has the longer one of nodes 2n and 2n + 1. */
export class LongestSample {
  readonly #longest: Uint32Array
  readonly #durations: Float64Array

  constructor(durations: Float64Array) {
    const count = durations.length
    this.#durations = durations
    this.#longest = new Uint32Array(count * 2)
    const longest = this.#longest
    for (let sample = 0; sample < count; sample++) longest[count + sample] = sample
    for (let node = count - 1; node > 0; node--) {
      const [a, b] = [longest[node * 2], longest[node * 2 + 1]]
      const difference = durations[b] - durations[a]
      longest[node] = difference > 0 || (difference === 0 && b < a) ? b : a
    }
  }

  /** Of [from, to), which is not empty; the first one where several are as long. */
  among(from: number, to: number): number {
    const count = this.#durations.length
    let found = from
    for (let left = from + count, right = to + count; left < right; left >>= 1, right >>= 1) {
      if (left & 1) found = this.#longer(found, this.#longest[left++])
      if (right & 1) found = this.#longer(found, this.#longest[--right])
    }
    return found
  }

  #longer(a: number, b: number): number {
    const difference = this.#durations[b] - this.#durations[a]
    return difference > 0 || (difference === 0 && b < a) ? b : a
  }
}
