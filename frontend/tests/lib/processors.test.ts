// Each processor does what the cases say that the Python processors run as well.
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { pythonPattern } from '../../src/lib/filter/python-pattern'
import { DEFAULT_OPTIONS, type ProcessorOptions } from '../../src/lib/processors/processor'
import { REPORT_CHAIN } from '../../src/lib/processors/report-chain'
import { faultOf } from '../../src/lib/tree/call-tree'
import { type PlainNode, type PlainSession, PlainTrees } from '../support/plain-trees'

interface Case {
  name: string
  session: PlainSession
  options?: { filter_threshold?: number; hide_regex?: string; show_regex?: string }
  input: PlainNode
  expected: PlainNode | null
}

const FOLDER = new URL('../../../tests/cases/processors/', import.meta.url)

function readCases(): { processor: string; cases: Case[] }[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))
  return files.map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')))
}

function optionsOf({ options = {} }: Case): ProcessorOptions {
  return {
    filterThreshold: options.filter_threshold ?? DEFAULT_OPTIONS.filterThreshold,
    hide: pythonPattern(options.hide_regex ?? ''),
    show: pythonPattern(options.show_regex ?? ''),
  }
}

describe.each(readCases())('$processor', ({ processor, cases }) => {
  test.each(cases)('$name', (one) => {
    const trees = new PlainTrees(one.session)
    const run = REPORT_CHAIN.get(processor)!
    const result = run({ root: trees.read(one.input) }, optionsOf(one))
    expect(faultOf(result)).toBe(null)
    expect(result.root && trees.write(result.root)).toEqual(one.expected)
  })
})

test('every processor has cases, and every case a processor', () => {
  expect(readCases().map(({ processor }) => processor).sort()).toEqual(
    [...REPORT_CHAIN.keys()].sort(),
  )
})

test.each([...REPORT_CHAIN])('%s leaves a tree without anything as it is', (_, processor) => {
  expect(processor({ root: null }, DEFAULT_OPTIONS)).toEqual({ root: null })
})
