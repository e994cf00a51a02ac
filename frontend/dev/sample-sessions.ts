// The page of `npm run dev`: index.html with a session file of frontend/samples/ in it, the first
// one or that of `?sample=name`. Reports get theirs from the HTML renderer; see lib/page.ts.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const SUFFIX = '.pyisession'

export function sampleSessions(): Plugin {
  let folder = ''
  return {
    name: 'sample-sessions',
    apply: 'serve',
    configResolved(config) {
      folder = join(config.root, 'samples')
    },
    transformIndexHtml(html, context) {
      const wanted = new URL(context.originalUrl ?? '/', 'http://dev').searchParams.get('sample')
      const names = sessionNames(folder)
      const name = names.find((found) => found === wanted) ?? names[0]
      if (name === undefined) {
        throw new Error(
          `no session in ${folder}; record one: ` +
            'pyinstrument -o frontend/samples/word_count.pyisession examples/word_count.py',
        )
      }
      const bytes = readFileSync(join(folder, name + SUFFIX))
      return html.replace('<!--session-->', bytes.toString('base64'))
    },
  }
}

function sessionNames(folder: string): string[] {
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith(SUFFIX))
    return files.map((file) => file.slice(0, -SUFFIX.length)).sort()
  } catch {
    return []
  }
}
