// Opens one report in Chromium and uses it: node report_page.mjs CHROMIUM FILE NANOSECONDS, the
// last being how long the session is. Prints JSON: milliseconds to the first view, and of each use
// those until it is answered, and those of CPU time. See report.py for what they mean.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(new URL('../frontend/package.json', import.meta.url))
const { chromium } = require('playwright-core')
const args = require('./browser/chromium-arguments.json')

const [executablePath, file, length] = process.argv.slice(2)
const FIRST_VIEW_MS = 120_000
const CANVASES = { flame: 'Flame graph', timeline: 'Timeline' }

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

let devTools
const browser = await chromium.launch({ executablePath, args })
try {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    offline: true,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(FIRST_VIEW_MS)
  devTools = await context.newCDPSession(page)
  await devTools.send('Performance.enable', { timeDomain: 'threadTicks' })
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
  const note = (name, [ms, cpuMs]) => {
    const before = uses[name] ?? [0, 0]
    uses[name] = [Math.max(before[0], ms), Math.max(before[1], cpuMs)]
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
    // An empty session has nothing to draw.
    const canvas = page.locator(`[aria-label="${CANVASES[view]}"] canvas`)
    if ((await canvas.count()) > 0) await useCanvas(page, view, note)
  }
  for (let place = 1; place <= 8; place++) {
    note('drag over the overview', await timed(page, drag(place / 10, place === 8)))
  }
  return uses
}

/** What hands do on a canvas, in its middle. */
async function useCanvas(page, view, note) {
  const send = (kind, type, fields) => `{
    const canvas = document.querySelector('[aria-label="${CANVASES[view]}"] canvas')
    const { left, top } = canvas.getBoundingClientRect()
    const at = { clientX: left + 400, clientY: top + 120, bubbles: true, cancelable: true }
    canvas.dispatchEvent(new ${kind}('${type}', { ...at, ${fields} }))
  }`
  note(`hover, ${view}`, await timed(page, send('PointerEvent', 'pointermove', "pointerType: 'mouse'")))
  note(`click, ${view}`, await timed(page, send('MouseEvent', 'click', '')))
  note(`wheel, ${view}`, await timed(page, send('WheelEvent', 'wheel', 'deltaY: -300')))
  note(`wheel, ${view}`, await timed(page, send('WheelEvent', 'wheel', 'deltaY: 300')))
  note(`double-click, ${view}`, await timed(page, send('MouseEvent', 'dblclick', '')))
  if (view !== 'flame') return
  for (const title of ['Bottom-up', 'Top-down']) {
    const press = `[...document.querySelectorAll('button')]
      .find((button) => button.textContent === '${title}').click()`
    note(`${title.toLowerCase()}, flame`, await timed(page, press))
  }
}

/** A piece of a drag from the left edge to *share* of the overview; the last one lets go. */
function drag(share, isLast) {
  return `{
    const strip = document.querySelector('.strip')
    const { left, top, width } = strip.getBoundingClientRect()
    const send = (type, share) => strip.dispatchEvent(new PointerEvent(type, {
      clientX: left + width * share, clientY: top + 5, bubbles: true, pointerId: 1,
    }))
    strip.setPointerCapture = () => {}
    if (${share} < 0.11) send('pointerdown', 0)
    send('pointermove', ${share})
    if (${isLast}) send('pointerup', ${share})
  }`
}

/** Milliseconds until an action is answered, and those that the page's main thread worked. */
async function timed(page, action) {
  const before = await cpuMs()
  const ms = await page.evaluate(`timed(() => { ${action} })`)
  return [ms, (await cpuMs()) - before]
}

async function cpuMs() {
  const { metrics } = await devTools.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'ThreadTime').value * 1000
}

/** The slowest of some arrow keys in the view. */
async function pressKeys(page) {
  let slowest = [0, 0]
  await page.keyboard.press('Tab')
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowUp', 'End', 'Home']) {
    const [ms, cpu] = await timed(
      page,
      `(document.querySelector('[role=tabpanel] [tabindex="0"]') ?? document.activeElement)
        .dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true }))`,
    )
    slowest = [Math.max(slowest[0], ms), Math.max(slowest[1], cpu)]
  }
  return slowest
}
