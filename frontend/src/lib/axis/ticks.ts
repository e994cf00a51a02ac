// Marks of a time axis: at round times, in one unit, with as many decimals as tell them apart.

export interface Tick {
  ns: number
  label: string
}

const UNITS = [
  { unit: 's', ns: 1e9 },
  { unit: 'ms', ns: 1e6 },
  { unit: 'µs', ns: 1e3 },
  { unit: 'ns', ns: 1 },
]

/** At most *most* of them from *startNs* to *endNs*: 1, 2 or 5 times a power of ten apart. */
export function axisTicks(startNs: number, endNs: number, most: number): Tick[] {
  const span = endNs - startNs
  if (!(span > 0) || most < 1) return []
  const step = niceStep(span / most)
  const { unit, ns: size } = UNITS.find(({ ns }) => Math.abs(endNs) >= ns) ?? UNITS[3]
  const decimals = Math.max(0, Math.ceil(Math.log10(size / step) - 1e-9))
  const ticks: Tick[] = []
  const last = Math.floor(endNs / step)
  for (let place = Math.ceil(startNs / step); place <= last; place++) {
    const ns = place * step
    ticks.push({ ns, label: `${(ns / size).toFixed(decimals)} ${unit}` })
  }
  return ticks
}

/** The least of 1, 2, 5, 10, 20 … that is no less than *least*. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least) + 1e-12)
  const factor = [1, 2, 5, 10].find((found) => found * power >= least * (1 - 1e-9)) ?? 10
  return factor * power
}
