// Opens one report in Chromium and uses it: node report_page.mjs CHROMIUM FILE NANOSECONDS, the
// last being how long the session is. Prints JSON: milliseconds to the first view, and of each use.
// See report.py for what they mean.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(new URL('../frontend/package.json', import.meta.url))
const { chromium } = require('playwright-core')

const [executablePath, file, length] = process.argv.slice(2)
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const FIRST_VIEW_MS = 120_000

/** Fragments, as in links: what a reader changes, one at a time. */
const FILTERS = {
  search: 'search=function_12',
  'search by regex': `search=${encodeURIComponent('/function_.*7$/')}`,
  'CPU time': 'clock=cpu',
  'no threshold': 'from=0',
  'one thread': 'thread=0',
  'time range': `range=0-${Math.round(Number(length) / 3)}`,
  'all shown': 'from=0&libraries=off&importlib=off&hidden=off',
}

// Runs in the page before its own script.
function watch() {
  const painted = (then) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = then
      channel.port2.postMessage(0)
    })
  const tasks = []
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({
    entryTypes: ['longtask'],
  })
  window.firstView = new Promise((resolve) => {
    const seen = new MutationObserver(() => {
      if (!document.querySelector('[role=tabpanel]')?.firstElementChild) return
      seen.disconnect()
      painted(() => resolve(performance.now()))
    })
    seen.observe(document, { childList: true, subtree: true })
  })
  // Milliseconds until what `act` does is painted, and the long tasks that it sets off are done.
  window.timed = async (act) => {
    const start = performance.now()
    act()
    await new Promise(painted)
    let end = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 300))
    for (const { startTime, duration } of tasks) {
      if (startTime >= start) end = Math.max(end, startTime + duration)
    }
    return end - start
  }
}

const browser = await chromium.launch({ executablePath, args: ARGUMENTS })
try {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    offline: true,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(FIRST_VIEW_MS)
  page.on('pageerror', (error) => {
    throw error
  })
  await page.addInitScript(watch)
  await page.goto(pathToFileURL(file).href)
  const firstView = await page.evaluate('firstView')
  console.log(JSON.stringify({ firstView, uses: await use(page) }))
} finally {
  await browser.close()
}

async function use(page) {
  const uses = {}
  const note = (name, ms) => {
    uses[name] = Math.max(uses[name] ?? 0, ms)
  }
  const views = await page
    .locator('[role=tablist][aria-label=Views] [role=tab]')
    .evaluateAll((tabs) => tabs.map((tab) => tab.id))
  for (const id of views) {
    const view = id.replace('tab-', '')
    note(`open ${view}`, await timed(page, `document.getElementById('${id}').click()`))
    for (const [what, fields] of Object.entries(FILTERS)) {
      const fragment = `${view === 'tree' ? '' : `view=${view}&`}${fields}`
      note(`${what}, ${view}`, await timed(page, `location.hash = '${fragment}'`))
    }
    await timed(page, `location.hash = '${view === 'tree' ? '' : `view=${view}`}'`)
    note(`keys, ${view}`, await pressKeys(page))
  }
  return uses
}

function timed(page, action) {
  return page.evaluate(`timed(() => { ${action} })`)
}

/** The slowest of some arrow keys in the view. */
async function pressKeys(page) {
  let slowest = 0
  await page.keyboard.press('Tab')
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowUp', 'End', 'Home']) {
    slowest = Math.max(
      slowest,
      await timed(
        page,
        `(document.querySelector('[role=tabpanel] [tabindex="0"]') ?? document.activeElement)
          .dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true }))`,
      ),
    )
  }
  return slowest
}
