/// <reference types="vitest/config" />
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { sampleSessions } from './dev/sample-sessions.ts'

// One classic script and one style sheet, which the HTML renderer puts into each report.
export default defineConfig(({ mode }) => ({
  plugins: [svelte(), sampleSessions()],
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
