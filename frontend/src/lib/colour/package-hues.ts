// A hue for each package, from its name, so that it has the same one in every report; where two
// packages of a report would share one, the later takes the nearest that is free.

/** So many that neighbours on the wheel can still be told apart. */
export const HUES = 24

/** In degrees, by name. */
export function packageHues(names: Iterable<string>): Map<string, number> {
  const hues = new Map<string, number>()
  const taken = new Uint8Array(HUES)
  let free = HUES
  for (const name of names) {
    if (hues.has(name)) continue
    let place = hashOf(name) % HUES
    if (free > 0) {
      // A step that meets every place, and lands far from the one that is taken.
      while (taken[place]) place = (place + 7) % HUES
      taken[place] = 1
      free--
    }
    hues.set(name, (place * 360) / HUES)
  }
  return hues
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let place = 0; place < text.length; place++) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
  }
  return hash >>> 0
}
