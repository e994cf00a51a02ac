// Which row of a list a key leads to; the same in every list.

/** From row *place*, or -1 for none; null: the key is none of these. */
export function listStep(
  key: string,
  place: number,
  { count, page }: { count: number; page: number },
): number | null {
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -Infinity,
    End: Infinity,
  }
  if (!Object.hasOwn(steps, key)) return null
  return Math.min(count - 1, Math.max(0, place + steps[key]))
}
