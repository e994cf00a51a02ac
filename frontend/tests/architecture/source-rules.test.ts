// Rules that hold for every source file of the viewer.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const TOP = new URL('../../', import.meta.url).pathname
const MAX_LINES = 300

function filesIn(folder: string): string[] {
  const entries = readdirSync(join(TOP, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(TOP.length))
    .sort()
}

const read = (file: string) => readFileSync(join(TOP, file), 'utf8')
const SOURCES = filesIn('src')

test('src/lib knows nothing of Svelte, nor of what is built on it', () => {
  const guilty = filesIn('src/lib').filter(
    (file) =>
      file.includes('.svelte') ||
      /from '(svelte|[./]+\/(state|views|parts))\b|\$(state|derived|effect)\b/.test(read(file)),
  )
  expect(guilty).toEqual([])
})

test.each([...filesIn('dev'), ...filesIn('browser')])('%s has its line in README.md', (file) => {
  expect(read('README.md')).toContain(`| \`${file}\` |`)
})

describe.each(SOURCES)('%s', (file) => {
  test('is one concept: no more than 300 lines, of no more than 100 letters', () => {
    const lines = read(file).split('\n')
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES)
    expect(lines.filter((line) => line.length > 100)).toEqual([])
  })

  test('has its line in frontend/README.md', () => {
    expect(read('README.md')).toContain(`\`${file.slice('src/'.length)}\``)
  })

  // The page's Content-Security-Policy forbids them: they would silently have no effect.
  test('has neither style attributes nor transitions, which need styles of their own', () => {
    expect(read(file)).not.toMatch(/\sstyle="|svelte\/(transition|animate)|@html/)
  })
})
