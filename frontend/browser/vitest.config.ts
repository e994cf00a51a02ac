import { defineConfig } from 'vitest/config'

// Tests of real reports in a real browser, started by tests/frontend, which writes the reports.
export default defineConfig({
  test: {
    include: ['browser/**/*.test.ts'],
    root: new URL('..', import.meta.url).pathname,
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Chromium has threads of its own; several of them make a small machine slow, and tests late.
    fileParallelism: false,
  },
})
