// Keeps what was made last: for what takes long and is asked for again with the same things.

/** *make*, but called anew only where an argument is another than the last time. */
export function remembered<Arguments extends unknown[], Result>(
  make: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  let last: { given: Arguments; result: Result } | null = null
  return (...given) => {
    const isSame = last?.given.every((value, place) => value === given[place])
    if (last === null || !isSame) last = { given, result: make(...given) }
    return last.result
  }
}
