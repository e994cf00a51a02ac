// What a reader does in each view, by hand and by keys, in the report of a real run.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenReport, launch, openReport, selectedTab } from './reports.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser?.close())

/** Opens a report, and demands that it did not complain of anything when all was done. */
async function using(
  name: string,
  use: (page: Page, report: OpenReport) => Promise<void>,
  options: Parameters<typeof openReport>[2] = {},
): Promise<void> {
  const report = await openReport(browser, name, options)
  await use(report.page, report)
  expect(report.complaints).toEqual([])
  await report.close()
}

const panelOf = (page: Page) => page.getByRole('complementary', { name: 'Selected frame' })
const titleOf = (page: Page) => panelOf(page).getByRole('heading', { level: 2 })
/** The time of the tree's first row, whose unit is that of the whole view. */
async function secondsInAll(page: Page): Promise<number> {
  const time = await page.getByRole('treeitem').first().locator('.time').innerText()
  const unit = await page.locator('.time-head').innerText()
  return Number(time) / (unit === 'ms' ? 1000 : 1)
}
const hashOf = (page: Page) => new URLSearchParams(new URL(page.url()).hash.slice(1))

test('the tree opens where the time went, and the panel has the lines of it', () =>
  using('ordinary', async (page) => {
    const rows = page.getByRole('tree').getByRole('treeitem')
    expect((await rows.allInnerTexts()).join('\n')).toMatch(/main[^]*similar_words[^]*edit_distance/)
    const selected = page.getByRole('treeitem', { selected: true })
    expect(await selected.innerText()).toContain('edit_distance')
    expect(await titleOf(page).innerText()).toBe('edit_distance')
    expect(await panelOf(page).innerText()).toContain('current.append(min(change')
  }))

test('keys walk through the tree, and a link leads to where they led', () =>
  using('ordinary', async (page) => {
    await page.getByRole('tree').focus()
    await page.keyboard.press('Home')
    expect(await titleOf(page).innerText()).toBe('<module>')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await titleOf(page).innerText()).toBe('similar_words')
    await page.keyboard.press('ArrowLeft')
    const item = page.getByRole('treeitem', { name: 'similar_words' })
    expect(await item.getAttribute('aria-expanded')).toBe('false')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await titleOf(page).innerText()).toBe('edit_distance')
    await page.keyboard.press('ArrowUp')
    const fragment = new URL(page.url()).hash.slice(1)
    await using('ordinary', async (other) => {
      expect(await titleOf(other).innerText()).toBe('similar_words')
    }, { fragment })
  }))

test('numbers change the view, and ? tells all keys', () =>
  using('ordinary', async (page) => {
    for (const [key, title] of Object.entries({ 3: 'Timeline', 5: 'Source', 1: 'Tree' })) {
      await page.keyboard.press(key)
      expect(await selectedTab(page)).toBe(title)
    }
    await page.keyboard.press('?')
    expect(await page.getByRole('dialog').innerText()).toContain('copy the selected call')
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('i')
    const facts = page.getByRole('group', { name: 'Facts' })
    for (const fact of ['Command', 'Interpreter', 'Engine', 'Interval', 'Samples', 'Own cost']) {
      expect(await facts.innerText()).toContain(fact)
    }
  }))

test('a search marks, measures and leads from match to match, in every view', () =>
  using('ordinary', async (page) => {
    await page.keyboard.press('/')
    await page.keyboard.type('similar')
    const found = page.getByRole('status').filter({ hasText: '%' })
    expect(await found.innerText()).toMatch(/^1 · \d+\.\d %$/)
    expect(await page.getByRole('tree').locator('mark').allInnerTexts()).toContain('similar')
    await page.keyboard.press('Enter')
    expect(await titleOf(page).innerText()).toBe('similar_words')
    await page.keyboard.press('Escape')
    expect(await page.getByRole('searchbox').inputValue()).toBe('')
    expect(hashOf(page).get('search')).toBe(null)
    await page.getByRole('searchbox').fill('word_count.py:33')
    expect(await found.innerText()).toMatch(/^\d+ · \d+\.\d %$/)
    await page.getByRole('searchbox').fill('/(/')
    expect(await page.locator('search').innerText()).toContain('/(/')
  }))

test('dragging over the overview chooses a time that all views obey', () =>
  using('ordinary', async (page) => {
    const strip = page.getByRole('img', { name: /^What ran and what waited/ })
    const box = (await strip.boundingBox())!
    const whole = await secondsInAll(page)
    await page.mouse.move(box.x + box.width * 0.25, box.y + 10)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.5, box.y + 10, { steps: 4 })
    await page.mouse.move(box.x + box.width * 0.75, box.y + 10, { steps: 4 })
    await page.mouse.up()
    expect(hashOf(page).get('range')).toMatch(/^\d+-\d+$/)
    expect((await secondsInAll(page)) / whole).toBeCloseTo(0.5, 1)
    const chip = page.getByRole('list', { name: 'In force' })
    expect(await chip.innerText()).toContain('hides')
    await page.getByRole('slider', { name: 'End of the time range' }).press('End')
    await page.getByRole('slider', { name: 'Start of the time range' }).press('Home')
    expect(hashOf(page).get('range')).toBe(null)
  }))

test('a flame graph zooms, tells and turns round', () =>
  using('ordinary', async (page) => {
    const plot = page.getByRole('application', { name: 'Flame graph' })
    const box = (await plot.boundingBox())!
    // The third level: similar_words.
    const place = { x: box.width / 3, y: 2 * 19 + 9 }
    await plot.hover({ position: place })
    expect(await page.locator('.tooltip').innerText()).toMatch(/similar_words[^]*self/)
    await plot.dblclick({ position: place })
    const zoom = page.getByRole('navigation', { name: 'Zoom' })
    expect(await zoom.innerText()).toContain('similar_words')
    expect(await titleOf(page).innerText()).toBe('similar_words')
    await page.keyboard.press('Escape')
    expect(await zoom.innerText()).toBe('')
    await page.keyboard.press('ArrowDown')
    const said = page.locator('[aria-live=polite]')
    expect((await said.allInnerTexts()).join()).toContain('edit_distance')
    await page.getByRole('button', { name: 'Bottom-up' }).click()
    const summary = page.getByRole('img', { name: /by own time/ })
    expect(await summary.getAttribute('aria-label')).toMatch(/edit_distance \d+\.\d %/)
  }, { fragment: 'view=flame' }))

test('a timeline has a lane for each thread, and gives its time to all views', () =>
  using('threads', async (page) => {
    const plot = page.getByRole('application', { name: 'Timeline' })
    const lanes = page.getByRole('img', { name: /^Timeline of \d+ threads/ })
    expect(await lanes.getAttribute('aria-label')).toContain('MainThread')
    await plot.hover({ position: { x: 300, y: 60 } })
    await page.mouse.wheel(0, -300)
    await page.getByRole('button', { name: 'Only this time' }).click()
    expect(hashOf(page).get('range')).toMatch(/^\d+-\d+$/)
    await plot.focus()
    await page.keyboard.press('ArrowRight')
    expect((await page.locator('[aria-live=polite]').allInnerTexts()).join()).toContain('from')
    await page.getByLabel('Thread', { exact: true }).selectOption({ index: 1 })
    expect(await lanes.count()).toBe(0)
    expect(hashOf(page).get('thread')).toBe('0')
  }, { fragment: 'view=timeline' }))

test('functions are put in order, and one leads to the tree', () =>
  using('ordinary', async (page) => {
    const first = page.getByRole('option').first()
    await page.getByRole('button', { name: 'total' }).click()
    expect(await first.innerText()).toMatch(/<module>|main/) // which take as long on a good day
    await page.getByRole('listbox', { name: 'Functions' }).focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowDown')
    const second = await titleOf(page).innerText()
    expect(second).toMatch(/<module>|main/)
    await page.keyboard.press('Enter')
    expect(await selectedTab(page)).toBe('Tree')
    expect(await page.getByRole('treeitem', { selected: true }).innerText()).toContain(second)
  }, { fragment: 'view=functions' }))

test('what is left out of the tree is left out of functions', async () => {
  const withMachinery = 'view=functions&from=0&importlib=off'
  await using('ordinary', async (page) => {
    expect(await page.getByRole('listbox').innerText()).not.toContain('importlib._bootstrap')
    await page.evaluate(`location.hash = '${withMachinery}'`)
    await page.getByText('importlib._bootstrap').first().waitFor()
  }, { fragment: 'view=functions&from=0' })
})

test('source has the lines with their times', () =>
  using('ordinary', async (page) => {
    const text = await page.getByRole('tabpanel').innerText()
    expect(text).toContain('def edit_distance(left, right):')
    expect(text).toMatch(/\d[\d.]*\s+\d[\d.]*\s+33\s+current\.append/)
  }, { fragment: 'view=source' }))

test('the selected call is copied', () =>
  using('ordinary', async (page) => {
    await page.evaluate('navigator.clipboard.writeText = (text) => ((copied = text), null)')
    await page.keyboard.press('c')
    await page.getByText('Copied as text.').waitFor()
    expect(await page.evaluate('copied')).toContain('edit_distance')
  }))

test('on a phone the panel is a sheet that a touch opens', () =>
  using('ordinary', async (page) => {
    expect(await panelOf(page).count()).toBe(0)
    await page.getByRole('treeitem', { name: 'similar_words' }).tap()
    expect(await titleOf(page).innerText()).toBe('similar_words')
    await page.getByRole('button', { name: 'Close the panel' }).tap()
    expect(await panelOf(page).count()).toBe(0)
  }, { viewport: { width: 400, height: 800 }, hasTouch: true }))

test('a large report answers a search, a thread and a range', () =>
  using('large', async (page) => {
    await page.getByRole('searchbox').fill('function_12')
    expect(await page.locator('search').innerText()).toMatch(/\d+ · \d/)
    await page.getByLabel('Thread', { exact: true }).selectOption({ index: 2 })
    await page.keyboard.press('Tab')
    await page.evaluate(`location.hash = 'view=timeline&range=1000000000-9000000000'`)
    await page.getByRole('img', { name: /^Timeline of 4 threads, 8(\.0+)? s/ }).waitFor()
    expect(await page.locator('[aria-busy=true]').count()).toBe(0)
  }))
