import { speak } from '../../src/cli/speak/speak-command.ts'
import { readSpeakSettings, workerEnvironment } from '../../src/config.ts'
import { version } from '../../src/main.ts'

/** `nightjar speak` with the quick engine of the tests. The argument: another version than this one's. */
try {
  process.exitCode = await speak({
    settings: readSpeakSettings(),
    version: process.argv[2] ?? version,
    environment: workerEnvironment(),
    workerModule: new URL('./faulty-speech-worker.ts', import.meta.url),
  })
} catch (error) {
  process.exitCode = 1
  console.error((error as Error).message)
}
