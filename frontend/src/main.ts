// Opens the report of the page that this script is in.
import { mount } from 'svelte'
import App from './App.svelte'
import Fault from './parts/Fault.svelte'
import './app.css'
import { stateOf } from './lib/link/fragment'
import {
  CONFIG_ID,
  type PageConfig,
  REPORT_ID,
  SESSION_ID,
  startState,
  takeText,
} from './lib/page'
import { readSessionText } from './lib/session/read-session'
import { Report } from './state/report.svelte'

async function openReport(page: Document, target: HTMLElement): Promise<void> {
  try {
    const config = JSON.parse(takeText(page, CONFIG_ID) || '{}') as PageConfig
    const session = await readSessionText(takeText(page, SESSION_ID))
    const start = startState(config)
    const report = new Report(session, start, stateOf(location.hash, start))
    mount(App, { target, props: { report } })
  } catch (fault) {
    mount(Fault, { target, props: { fault } })
    throw fault
  }
}

const target = document.getElementById(REPORT_ID)
if (target) void openReport(document, target)
