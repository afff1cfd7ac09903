import { readSettings } from '../../src/config.ts'
import { type StartOptions, startNightjar } from '../../src/main.ts'
import { Api } from './api-client.ts'
import { storageSettings } from './test-storage.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** The whole program inside the test's own process, with an engine that hums and misbehaves on request. */
export async function startApplication(
  options: StartOptions & {
    /** Does not wait until a worker has told its voices. */
    readonly unready?: boolean
    /** Left out: a folder of its own, that goes with it. */
    readonly data?: string
    readonly settings?: Readonly<Record<string, string>>
  } = {},
) {
  const stack = new AsyncDisposableStack()
  const data = options.data ?? stack.use(await temporaryFolder()).path
  const settings = readSettings({
    NIGHTJAR_DATA: data,
    // Each is a process; who needs several says so.
    NIGHTJAR_SPEAKERS: '1',
    NIGHTJAR_LOG: 'silent',
    PORT: '0',
    ...storageSettings(data),
    ...options.settings,
  })
  const speaker = new URL('./faulty-speech-worker.ts', import.meta.url)
  const nightjar = await startNightjar(settings, { workerModule: speaker, ...options })
  stack.defer(() => nightjar.stop())
  if (options.unready !== true) await nightjar.ready
  return {
    api: new Api(nightjar.address),
    application: nightjar.application,
    data,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
