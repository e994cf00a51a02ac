// Labels that are too long lose their middle: the end of a name says as much as its start.

const ELLIPSIS = '…'

/** *text* in at most *width*, by what *measure* says; empty where not even one letter fits. */
export function cutMiddle(
  text: string,
  width: number,
  measure: (text: string) => number,
): string {
  if (measure(text) <= width) return text
  const letters = Array.from(text)
  const cut = (kept: number) =>
    letters.slice(0, Math.ceil(kept / 2)).join('') +
    ELLIPSIS +
    letters.slice(letters.length - Math.floor(kept / 2)).join('')
  let fits = 0
  let tooMany = letters.length
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >>> 1
    if (measure(cut(middle)) <= width) fits = middle
    else tooMany = middle
  }
  return fits ? cut(fits) : ''
}
