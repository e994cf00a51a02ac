// A link shows what its sender saw, and a report starts where its renderer was told to.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch, openReport, selectedTab, tabTitles } from './reports.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser?.close())

test('each view has its link, which opens that view', async () => {
  const first = await openReport(browser, 'ordinary')
  for (const title of await tabTitles(first.page)) {
    await first.page.getByRole('tab', { name: title }).click()
    const fragment = new URL(first.page.url()).hash.slice(1)
    const second = await openReport(browser, 'ordinary', { fragment })
    expect(await selectedTab(second.page)).toBe(title)
    await second.close()
  }
  await first.close()
})

test('what is in force comes with the link, and can be removed', async () => {
  const { page, complaints, close } = await openReport(browser, 'ordinary', {
    fragment: 'clock=cpu&search=work&from=0',
  })
  const chips = page.getByRole('list', { name: 'In force' })
  expect(await chips.getByRole('button').count()).toBe(3)
  await chips.getByRole('button', { name: 'CPU time' }).click()
  expect(new URL(page.url()).hash).toBe('#search=work&from=0')
  expect(await chips.getByRole('button').count()).toBe(2)
  expect(complaints).toEqual([])
  await close()
})

test('a link that makes no sense opens the report as it is', async () => {
  const fragment = 'view=nothing&thread=99&range=5-1&at=x&from=7&hide=('
  const { page, complaints, close } = await openReport(browser, 'ordinary', { fragment })
  expect(await selectedTab(page)).toBe('Tree')
  expect(complaints).toEqual([])
  await close()
})

test('options of the renderer are where the report starts', async () => {
  const { page, close } = await openReport(browser, 'started-elsewhere')
  expect(await selectedTab(page)).toBe('Timeline')
  const chips = page.getByRole('list', { name: 'In force' })
  const labels = await chips.getByRole('listitem').allInnerTexts()
  expect(labels.join()).toContain('hide: ')
  expect(labels.join()).toContain('CPU time')
  expect(new URL(page.url()).hash).toBe('')
  await close()
})

test('arrow keys move between the views', async () => {
  const { page, close } = await openReport(browser, 'ordinary')
  await page.getByRole('tab', { name: 'Tree' }).focus()
  await page.keyboard.press('ArrowRight')
  expect(await selectedTab(page)).toBe('Flame')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  expect(await selectedTab(page)).toBe('Source')
  await close()
})
