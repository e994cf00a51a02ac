// Copies the call that the reader looks at, with all that it called, and says that it did.
import { createContext } from 'svelte'
import { treeMarkdown, treeText } from '../lib/text/copy-tree'
import type { Focus } from './focus.svelte'
import type { Report } from './report.svelte'

const SAID_MS = 2500

export class Clipboard {
  readonly #report: Report
  readonly #focus: Focus
  #timer: ReturnType<typeof setTimeout> | undefined
  /** What was done, for a moment. */
  said = $state('')

  constructor(report: Report, focus: Focus) {
    this.#report = report
    this.#focus = focus
  }

  async copy(form: 'text' | 'Markdown'): Promise<void> {
    const { node, folded, names } = this.#focus
    if (!node) return
    const { rows, weights } = this.#report
    const wholeNs = this.#focus.wholeOf(node)
    const format = (ns: number) => this.#report.format(ns, wholeNs)
    const report = { rows, weights, folded, names, format }
    const text = form === 'text' ? treeText(report, node) : treeMarkdown(report, node)
    this.#say((await write(text)) ? `Copied as ${form}.` : 'The browser did not let us copy.')
  }

  #say(words: string): void {
    this.said = words
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => (this.said = ''), SAID_MS)
  }
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // A file opened from disk may have no clipboard of its own; an old way is left.
    const area = document.createElement('textarea')
    area.value = text
    area.className = 'visually-hidden'
    const before = document.activeElement
    document.body.append(area)
    area.select()
    const isDone = document.execCommand('copy')
    area.remove()
    if (before instanceof HTMLElement) before.focus()
    return isDone
  }
}

export const [getClipboard, setClipboard] = createContext<Clipboard>()
