import { describe, expect, test } from 'vitest'
import { contrast, fromHex, hex, oklch } from '../../src/lib/colour/oklch'
import { HUES, packageHues } from '../../src/lib/colour/package-hues'
import { DARK_PALETTE, LIGHT_PALETTE } from '../../src/lib/colour/palette'
import { Emphasis } from '../../src/lib/flame/emphasis'
import { cutMiddle } from '../../src/lib/text/cut-middle'

describe('a colour', () => {
  test('is what CSS makes of the same numbers', () => {
    expect(hex(oklch(0.44027, 0.1603, 303.373))).toBe('#663399')
    expect(hex(oklch(1, 0, 0))).toBe('#ffffff')
    expect(hex(oklch(0, 0, 0))).toBe('#000000')
  })

  test('that no screen can show loses chroma', () => {
    expect(hex(oklch(0.8, 0.4, 140))).toMatch(/^#[0-9a-f]{6}$/)
  })

  test('has the contrast that WCAG defines', () => {
    expect(contrast(fromHex('#000000'), fromHex('#ffffff'))).toBeCloseTo(21)
    expect(contrast(fromHex('#767676'), fromHex('#ffffff'))).toBeCloseTo(4.54, 2)
  })
})

describe.each([
  ['light', LIGHT_PALETTE],
  ['dark', DARK_PALETTE],
])('the %s palette', (_, palette) => {
  test('has labels that can be read on every fill', () => {
    const label = fromHex(palette.label)
    for (let hue = 0; hue < 360; hue += 360 / HUES) {
      for (const emphasis of Object.values(Emphasis)) {
        const fill = fromHex(palette.fill(hue, emphasis))
        expect(contrast(label, fill)).toBeGreaterThanOrEqual(4.5)
      }
    }
    expect(contrast(fromHex(palette.faintText), fromHex(palette.faint))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(fromHex(palette.textDim), fromHex(palette.surface))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(fromHex(palette.waiting), fromHex(palette.surface))).toBeGreaterThanOrEqual(3)
  })

  test('has the same lightness for every hue', () => {
    for (const emphasis of [Emphasis.STRONG, Emphasis.LIGHT]) {
      const found = Array.from({ length: HUES }, (_, place) =>
        contrast(fromHex(palette.fill((place * 360) / HUES, emphasis)), fromHex('#000000')),
      )
      expect(Math.max(...found) / Math.min(...found)).toBeLessThan(1.25)
    }
  })
})

describe('hues of packages', () => {
  test('come from the name', () => {
    const hue = packageHues(['json']).get('json')
    expect(packageHues(['json', 'requests', 'json']).get('json')).toBe(hue)
  })

  test('differ as long as there are enough', () => {
    const names = Array.from({ length: HUES }, (_, place) => `package_${place}`)
    expect(new Set(packageHues(names).values()).size).toBe(HUES)
    expect(packageHues([...names, 'one more']).size).toBe(HUES + 1)
  })
})

describe('a label', () => {
  const cut = (text: string, width: number) => cutMiddle(text, width, (part) => part.length)

  test('loses its middle where it is too long', () => {
    expect(cut('render_to_string', 16)).toBe('render_to_string')
    expect(cut('render_to_string', 9)).toBe('rend…ring')
    expect(cut('render_to_string', 2)).toBe('r…')
    expect(cut('render_to_string', 1)).toBe('')
    expect(cut('', 0)).toBe('')
  })

  test('never parts a letter', () => {
    expect(cut('𝒳𝒴𝒵𝒲', 5)).toBe('𝒳…𝒲')
  })
})
