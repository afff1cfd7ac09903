import { defineConfig } from 'vitest/config'

/** `npm test` leaves out `test/long/`, which `npm run test:long` runs alone. */
export default defineConfig(({ mode }) => ({
  test: {
    include:
      mode === 'long'
        ? ['test/long/**/*.test.ts']
        : ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts', 'web/**/*.test.ts'],
    exclude: mode === 'long' ? [] : ['test/long/**'],
    pool: 'forks',
    // Most of a test's time is another process speaking, so the runner needs no core for itself. Those of `test/long/` ask
    // much of the machine, each for itself.
    maxWorkers: mode === 'long' ? 1 : '100%',
    testTimeout: mode === 'long' ? 900_000 : 180_000,
    hookTimeout: 180_000,
  },
}))
