// Long work in short slices, so that the page can answer in between.

/** A reader does not see a pause as short as this. */
const SLICE_MS = 12

/** Runs *steps* at once, and gives what they return. */
export function inOneGo<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** Runs *steps* until they are done or the returned function is called. */
export function inSlices(steps: Iterator<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  function slice() {
    const end = performance.now() + SLICE_MS
    do {
      if (steps.next().done) return
    } while (performance.now() < end)
    timer = setTimeout(slice)
  }
  timer = setTimeout(slice)
  return () => clearTimeout(timer)
}
