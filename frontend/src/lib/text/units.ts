// How times and shares are written: with the unit and the decimals that fit.

const UNITS = [
  { unit: 's', ns: 1e9 },
  { unit: 'ms', ns: 1e6 },
  { unit: 'µs', ns: 1e3 },
  { unit: 'ns', ns: 1 },
] as const

export type TimeStyle = 'time' | 'percent'
export type TimeFormat = (ns: number) => string

/** Three digits and a unit, for sentences: `1.02 ms`, `250 µs`, `3 min 20 s`. */
export function formatDuration(ns: number): string {
  if (ns >= 60e9) return formatMinutes(ns)
  const { unit, ns: size } = UNITS.find(({ ns: least }) => ns >= least) ?? UNITS[3]
  const value = Number((ns / size).toPrecision(3))
  // 999.9 ms is 1 s, not 1000 ms.
  if (value >= 1000 && unit !== 's') return formatDuration(value * size)
  return `${value} ${unit}`
}

function formatMinutes(ns: number): string {
  const seconds = Math.round(ns / 1e9)
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  // Two parts say enough.
  const first = parts.findIndex(([count]) => count > 0)
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

/** How many decimals of a second an interval can back: 3 for 1 ms, 2 for 10 ms. */
export function decimalsForInterval(intervalNs: number): number {
  if (intervalNs <= 0) return 3
  return Math.min(9, Math.max(0, Math.ceil(-Math.log10(intervalNs / 1e9) - 1e-9)))
}

/** Times of one column: one unit that fits the whole, and the decimals that the interval can back,
 *  so that digits stand below each other. */
export function columnFormat(wholeNs: number, intervalNs: number): TimeFormat & { unit: string } {
  const { unit, ns: size } = UNITS.find(({ ns: least }) => wholeNs >= least) ?? UNITS[3]
  const places = decimalsForInterval(intervalNs) - Math.round(Math.log10(1e9 / size))
  const decimals = Math.min(3, Math.max(0, places))
  const format = (ns: number) => (ns / size).toFixed(decimals)
  return Object.assign(format, { unit })
}

/** A share with one decimal: `12.3 %`; of nothing it is 0. */
export function formatShare(part: number, whole: number): string {
  return `${whole > 0 ? ((part / whole) * 100).toFixed(1) : '0.0'} %`
}

/** A count with its noun: `1 sample`, `2,000 samples`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
