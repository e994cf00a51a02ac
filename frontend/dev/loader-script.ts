// Builds src/loader.ts beside the viewer: a script of its own, since it runs before the viewer is
// unpacked.
import { join } from 'node:path'
import { type Plugin, build } from 'vite'

export function loaderScript(): Plugin {
  let root = ''
  let target: string | string[] = ''
  return {
    name: 'loader-script',
    apply: 'build',
    configResolved(config) {
      root = config.root
      target = config.build.target || ''
    },
    async generateBundle() {
      const built = await build({
        configFile: false,
        logLevel: 'error',
        build: {
          target,
          write: false,
          lib: { entry: join(root, 'src/loader.ts'), name: 'loader', formats: ['iife'] },
        },
      })
      const [{ output }] = (Array.isArray(built) ? built : [built]) as { output: { code: string }[] }[]
      this.emitFile({ type: 'asset', fileName: 'loader.js', source: output[0].code })
    },
  }
}
