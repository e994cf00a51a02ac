// Colours of one perceived lightness: from OKLCH to what a canvas takes.
// https://bottosson.github.io/posts/oklab/ has the numbers.

/** Linear light, 0 to 1. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** *lightness* 0 to 1, *chroma* 0 to about 0.3, *hue* in degrees. What no screen can show loses
 *  chroma, never lightness. */
export function oklch(lightness: number, chroma: number, hue: number): Rgb {
  for (let left = chroma; left > 0.001; left -= 0.005) {
    const found = linear(lightness, left, hue)
    if (found.every((part) => part >= -1e-4 && part <= 1.0001)) return clamped(found)
  }
  return clamped(linear(lightness, 0, hue))
}

/** `#rrggbb`. */
export function hex(colour: Rgb): string {
  const parts = colour.map((part) => {
    const shown = part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055
    return Math.round(shown * 255)
      .toString(16)
      .padStart(2, '0')
  })
  return `#${parts.join('')}`
}

/** Contrast as WCAG 2 defines it, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other)
  return (light + 0.05) / (dark + 0.05)
}

/** Of `#rrggbb`. */
export function fromHex(text: string): Rgb {
  const part = (place: number) => {
    const shown = parseInt(text.slice(place, place + 2), 16) / 255
    return shown <= 0.04045 ? shown / 12.92 : ((shown + 0.055) / 1.055) ** 2.4
  }
  return [part(1), part(3), part(5)]
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function linear(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

function clamped(colour: Rgb): Rgb {
  const [red, green, blue] = colour.map((part) => Math.min(1, Math.max(0, part)))
  return [red, green, blue]
}
