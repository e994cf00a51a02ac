// axe-core finds nothing to complain of, in any view or menu, light or dark, wide or narrow.
import axe, { type AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, openReport, tabTitles } from './reports.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser?.close())

const WIDTHS = { wide: 1440, narrow: 400 }

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test.each(Object.entries(WIDTHS))('%s', async (_, width) => {
    const viewport = { width, height: 900 }
    const options = { colorScheme, viewport, fragment: 'search=word&from=0' }
    const { page, close } = await openReport(browser, 'ordinary', options)
    // Evaluated, not added to the page: its policy would refuse a script of ours, too.
    await page.evaluate(axe.source)
    const found: Record<string, string[]> = {}
    for (const title of await tabTitles(page)) {
      await page.getByRole('tab', { name: title }).click()
      const violations = await violationsOf(page)
      if (violations.length) found[title] = violations
    }
    for (const [title, key] of Object.entries({ Options: 'o', Facts: 'i', Keys: '?' })) {
      await page.keyboard.press(key)
      const violations = await violationsOf(page)
      if (violations.length) found[title] = violations
      await page.keyboard.press('Escape')
    }
    expect(found).toEqual({})
    await close()
  })
})

/** Each as rule, element and advice. */
async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`),
  )
}
