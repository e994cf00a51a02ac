// How warm a share is drawn: steps of the heat scale in app.css.
const STEPS = [0.02, 0.05, 0.12, 0.25, 0.5]

/** From 0 (neutral) to 5 (half of the whole or more). */
export function heatOf(part: number, whole: number): number {
  const share = whole > 0 ? part / whole : 0
  return STEPS.filter((least) => share >= least).length
}
