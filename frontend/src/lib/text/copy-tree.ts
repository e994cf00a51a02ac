// A call with all that it called as text, for a message or an issue: drawn as the console draws it,
// each call a line, library calls folded.
import { hottestLines, nodeLines } from '../tree/node-lines'
import { type NodeNames, nodePlace } from '../tree/node-names'
import type { CallNode } from '../tree/call-node'
import type { FoldedGroups, HiddenFrames } from '../tree/folded-groups'
import { type TreeRow, visibleRows } from '../tree/visible-rows'
import type { StackRows } from '../rows/stack-rows'
import type { Weights } from '../rows/weights'
import { factsSentence } from './facts'
import type { TimeFormat } from './units'

/** Indentation starts again at the left after so many levels, with the depth before the line. */
const FOLD_LEVELS = 40
const MAX_LINES = 3
const MIN_SHARE_OF_FRAME = 0.1
const MIN_SHARE_OF_ROOT = 0.01

export interface CopiedReport {
  rows: StackRows
  weights: Weights
  folded: FoldedGroups
  names: NodeNames
  format: TimeFormat
}

/** One line a call; hottest lines and hidden frames below it. */
export function treeText(report: CopiedReport, top: CallNode): string {
  const all = { has: () => true } as unknown as Set<CallNode>
  const drawn = visibleRows([top], report.folded, { nodes: all, groups: new Set() })
  const below: string[] = ['']
  const lines: string[] = []
  for (const row of drawn) {
    const { depth, node } = row
    const isLast = row.position === row.siblings
    const guides = depth ? below[depth - 1] : ''
    const prefix = depth ? guides + (isLast ? '└─ ' : '├─ ') : ''
    let beneath = depth ? guides + (isLast ? '   ' : '│  ') : ''
    if (depth && depth % FOLD_LEVELS === 0) beneath = `${depth}+ `
    below.length = depth
    below.push(beneath)
    lines.push(prefix + callText(report, node))
    const remarks = beneath + (row.hasChildren ? '│  ' : '   ')
    for (const remark of remarksOf(report, row)) lines.push(remarks + remark)
  }
  return lines.join('\n') + '\n'
}

/** The same between fences, with what was profiled above it. */
export function treeMarkdown(report: CopiedReport, top: CallNode): string {
  const { session } = report.rows
  const text = treeText(report, top)
  const longest = text.match(/`+/g)?.reduce((most, run) => Math.max(most, run.length), 0) ?? 0
  const fence = '`'.repeat(Math.max(3, longest + 1))
  const title = session.targetDescription.replace(/[\\`*_[\]<>]/g, '\\$&')
  const facts = factsSentence(session).join(' · ')
  return `**${title}** · ${facts}\n\n${fence}text\n${text}${fence}\n`
}

function callText({ names, format }: CopiedReport, node: CallNode): string {
  const place = nodePlace(node)
  const name = printable(names.of(node))
  const folded = node.recursionDepth ? `  recursion ${node.recursionDepth + 1} deep` : ''
  return `${format(node.totalNs)} ${name}${place && `  ${printable(place)}`}${folded}`
}

function remarksOf(report: CopiedReport, { node, wholeNs }: TreeRow): string[] {
  const { rows, weights, folded, format } = report
  const least = Math.max(node.totalNs * MIN_SHARE_OF_FRAME, wholeNs * MIN_SHARE_OF_ROOT)
  const texts = rows.session.sources.get(node.code.file)
  const found: string[] = []
  // Without a text, a line number says little.
  const lines = texts ? hottestLines(nodeLines(rows, weights, node), MAX_LINES) : []
  for (const { line, totalNs } of lines) {
    const text = texts?.get(line)?.trim()
    if (text && totalNs >= least) found.push(`${format(totalNs)} :${line}  ${printable(text)}`)
  }
  const hidden = folded.behind(node)
  if (hidden) found.push(hiddenText(hidden))
  return found
}

function hiddenText({ frames, libraries }: HiddenFrames): string {
  return `[${frames} frames hidden]  ${libraries.join(', ')}`.trimEnd()
}

/** One line, whatever a name contains. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '�')
}
