// Whatever a report holds, it opens, each of its views can be shown, and the page complains of
// nothing and asks for nothing.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, openReport, selectedTab, tabTitles } from './reports.ts'

const REPORTS = [
  'ordinary',
  'threads',
  'empty',
  'older',
  'hostile-markup',
  'hostile-quotes',
  'hostile-bytes',
  'large',
  'deep',
]
const TITLES = ['Tree', 'Flame', 'Timeline', 'Functions', 'Source']

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser?.close())

describe.each(REPORTS)('%s', (name) => {
  test('opens, and shows each view', async () => {
    const { page, complaints, close } = await openReport(browser, name)
    expect(await tabTitles(page)).toEqual(TITLES)
    for (const title of TITLES) {
      await page.getByRole('tab', { name: title }).click()
      expect(await selectedTab(page)).toBe(title)
      await page.getByRole('tabpanel').waitFor()
    }
    expect(complaints).toEqual([])
    await close()
  })

  test('fits a phone: nothing is to be scrolled sideways but what scrolls by itself', async () => {
    const viewport = { width: 400, height: 800 }
    const { page, complaints, close } = await openReport(browser, name, { viewport })
    for (const title of TITLES) {
      await page.getByRole('tab', { name: title }).click()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400)
    }
    expect(complaints).toEqual([])
    await close()
  })
})

test('a name is text, whatever it says', async () => {
  const { page, close } = await openReport(browser, 'hostile-markup')
  const name = '</script><!--<script>hacked = 1</script><img src=x onerror="hacked = 1">'
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(name)
  expect(await page.title()).toContain(name)
  expect(await page.evaluate('typeof hacked')).toBe('undefined')
  await close()
})

test('the page runs nothing but its own script', async () => {
  const { page, close } = await openReport(browser, 'ordinary')
  await page.evaluate(`{
    const script = document.createElement('script')
    script.textContent = 'hacked = 1'
    document.body.append(script)
    const image = document.createElement('img')
    image.setAttribute('onerror', 'hacked = 1')
    image.src = 'data:,'
    document.body.append(image)
  }`)
  await page.waitForTimeout(100)
  expect(await page.evaluate('typeof hacked')).toBe('undefined')
  await close()
})

test('a damaged session is a sentence on the page', async () => {
  const { page, close } = await openReport(browser, 'damaged')
  expect(await page.getByRole('alert').innerText()).toContain('This report cannot be shown')
  await close()
})

test('where scripts do not run, the page says what it needs', async () => {
  const options = { javaScriptEnabled: false }
  const { page, complaints, close } = await openReport(browser, 'ordinary', options)
  expect(await page.locator('noscript').innerText()).toContain('allow JavaScript')
  expect(complaints).toEqual([])
  await close()
})
