// Opens reports as their readers do: from a file, with the network off. What a page complains of or
// asks for is kept, so that every test can demand that there was nothing.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core'
import chromiumArguments from './chromium-arguments.json'

/** Folder of the reports, and the browser's command; tests/frontend sets both. */
const FOLDER = process.env.REPORTS ?? ''
const CHROMIUM = process.env.CHROMIUM ?? ''

export interface OpenReport {
  page: Page
  /** Errors, warnings and dialogs of the page, and requests for anything but itself. */
  complaints: string[]
  close(): Promise<void>
}

export function launch(): Promise<Browser> {
  if (!FOLDER || !CHROMIUM) {
    throw new Error('REPORTS and CHROMIUM are not set; run these tests by hatch test tests/frontend')
  }
  return chromium.launch({ executablePath: CHROMIUM, args: chromiumArguments })
}

export function addressOf(name: string, fragment = ''): string {
  return pathToFileURL(join(FOLDER, `${name}.html`)).href + (fragment && `#${fragment}`)
}

/** A report of tests/frontend by name, once its tabs, or why there are none, can be seen. */
export async function openReport(
  browser: Browser,
  name: string,
  { fragment = '', ...options }: BrowserContextOptions & { fragment?: string } = {},
): Promise<OpenReport> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    offline: true,
    ...options,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  const address = addressOf(name)
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const url = request.url()
    const isItself = url.split('#')[0] === address
    if (!isItself && !/^(data|blob):/.test(url)) complaints.push(`request: ${url}`)
  })
  await page.goto(addressOf(name, fragment))
  if (options.javaScriptEnabled !== false) {
    await page.locator('[role=tablist], [role=alert]').first().waitFor()
  }
  return { page, complaints, close: () => context.close() }
}

/** Titles of the tabs, left to right. */
export function tabTitles(page: Page): Promise<string[]> {
  return page
    .getByRole('tablist', { name: 'Views' })
    .getByRole('tab')
    .evaluateAll((tabs) => tabs.map((tab) => tab.textContent?.trim() ?? ''))
}

export async function selectedTab(page: Page): Promise<string> {
  const tab = page.getByRole('tablist', { name: 'Views' }).locator('[aria-selected=true]')
  return (await tab.innerText()).trim()
}
