// The colours of canvases in each theme: what is drawn strong, what light, and what lies on it.
import { Emphasis } from '../flame/emphasis'
import { hex, oklch } from './oklch'

export interface Palette {
  surface: string
  text: string
  textDim: string
  line: string
  /** Frames too small to be drawn each by itself, and those that a search does not match. */
  faint: string
  /** Text on *faint*. */
  faintText: string
  running: string
  waiting: string
  /** Over what is not chosen. */
  veil: string
  /** Lines across what waits; labels stay readable under them. */
  hatch: string
  /** Behind titles. */
  raised: string
  /** Around what is selected, focused or pointed at. */
  mark: string
  /** Fill of a frame by hue and emphasis. */
  fill(hue: number, emphasis: number): string
  /** Text on any fill. */
  label: string
}

interface Tones {
  strong: readonly [lightness: number, chroma: number]
  light: readonly [lightness: number, chroma: number]
  standIn: string
}

const LIGHT: Tones = { strong: [0.79, 0.12], light: [0.91, 0.05], standIn: '#e4e6e9' }
const DARK: Tones = { strong: [0.48, 0.11], light: [0.36, 0.05], standIn: '#30343b' }

export const LIGHT_PALETTE: Palette = {
  surface: '#ffffff',
  text: '#1c1f24',
  textDim: '#5b626d',
  line: '#dcdfe3',
  faint: '#eef0f2',
  faintText: '#5b626d',
  running: '#a4acb8',
  waiting: '#2f6c9e',
  veil: '#ffffffc0',
  hatch: '#2f6c9e55',
  raised: '#f0f1f3',
  mark: '#1c1f24',
  fill: filler(LIGHT),
  label: '#1c1f24',
}

export const DARK_PALETTE: Palette = {
  surface: '#16181c',
  text: '#e6e8eb',
  textDim: '#9ba3af',
  line: '#363a42',
  faint: '#22252b',
  faintText: '#9ba3af',
  running: '#616a78',
  waiting: '#7ab3e0',
  veil: '#16181cc0',
  hatch: '#7ab3e055',
  raised: '#24272d',
  mark: '#f4f5f7',
  fill: filler(DARK),
  label: '#f4f5f7',
}

function filler(tones: Tones): Palette['fill'] {
  const known = new Map<number, string>()
  return (hue, emphasis) => {
    if (emphasis === Emphasis.STAND_IN) return tones.standIn
    const key = hue * 4 + emphasis
    let found = known.get(key)
    if (found === undefined) {
      const [lightness, chroma] = emphasis === Emphasis.STRONG ? tones.strong : tones.light
      found = hex(oklch(lightness, chroma, hue))
      known.set(key, found)
    }
    return found
  }
}
