import { serve } from '../../src/cli/server-commands.ts'
import { readSettings } from '../../src/config.ts'
import { startNightjar } from '../../src/main.ts'
import { Failure } from '../../src/novel/failure.ts'

/** `nightjar serve` with the quick engine of the tests. */
const settings = readSettings()
const speaker = new URL('./faulty-speech-worker.ts', import.meta.url)
try {
  process.exitCode = await serve({
    settings,
    start: (_, options) =>
      startNightjar(settings, {
        ...options,
        workerModule: speaker,
      }),
  })
} catch (error) {
  process.exitCode = 1
  console.error(error instanceof Failure ? error.message : error)
}
