/// <reference types="vitest/config" />
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { loaderScript } from './dev/loader-script.ts'
import { sampleSessions } from './dev/sample-sessions.ts'

// The viewer, one classic script and one style sheet, and the loader: the HTML renderer packs the
// first two into each report, where the third unpacks them.
export default defineConfig(({ mode }) => ({
  plugins: [svelte(), loaderScript(), sampleSessions()],
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,
    reportCompressedSize: false,
    lib: {
      entry: 'src/main.ts',
      name: 'pyinstrumentReport',
      formats: ['iife'],
      fileName: () => 'app.js',
      cssFileName: 'app',
    },
  },
  test: { include: ['tests/**/*.test.ts'] },
}))
