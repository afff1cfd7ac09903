import { flushCompileCache } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { EngineInfo } from '../../speech/worker/worker-protocol.ts'
import type { ExecutionProvider } from '../../speech/onnx/execution-provider.ts'
import { chooseProvider } from '../../speech/worker/provider-choice.ts'
import { openWorkerPool, type WorkerPool } from '../../speech/worker/worker-pool.ts'
import { Failure } from '../../novel/failure.ts'
import { FetchedModels } from './fetched-models.ts'
import { LeaseClient } from './lease-client.ts'
import { SpeakingMachine } from './speaking-machine.ts'

/** What the command needs of the whole; `main.ts` and `config.ts` give it. */
export interface SpeakContext {
  readonly settings: {
    /** Addresses. */
    readonly NIGHTJAR_SERVER: readonly string[]
    readonly NIGHTJAR_TOKEN: string
    readonly NIGHTJAR_SPEAKERS: number
    readonly NIGHTJAR_PROVIDER: ExecutionProvider
    readonly NIGHTJAR_NAME: string
    readonly NIGHTJAR_CACHE: string
    /** Megabytes. */
    readonly NIGHTJAR_CACHE_LIMIT: number
    readonly NIGHTJAR_LOG: string
  }
  readonly version: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What a worker runs. */
  readonly workerModule?: URL
}

/** How long what is in hand may take once it is to stop. */
const drainTimeoutMs = 60_000

/**
 * Speaks for a server until SIGTERM or SIGINT; then it finishes what it has in hand, and at a second signal gives it back
 * at once. Opens no data folder. Throws `ApiError` when the server does not take it, `speech.no-worker`.
 */
export async function speak({ settings, version, environment, workerModule }: SpeakContext): Promise<number> {
  const log = pino({ level: settings.NIGHTJAR_LOG, base: null }, pino.destination({ dest: 2, sync: true }))
  await using closing = new AsyncDisposableStack()
  const pool = openWorkerPool({
    size: settings.NIGHTJAR_SPEAKERS,
    module: workerModule,
    environment,
    provider: await chooseProvider(settings.NIGHTJAR_PROVIDER, log),
    log,
  })
  closing.defer(() => pool.stop())
  const stopping = new AbortController()
  closing.defer(() => stopping.abort())
  const client = new LeaseClient(settings.NIGHTJAR_SERVER, settings.NIGHTJAR_TOKEN)
  const machine = new SpeakingMachine({
    client,
    pool,
    models: new FetchedModels({
      folder: join(settings.NIGHTJAR_CACHE, 'models'),
      limit: settings.NIGHTJAR_CACHE_LIMIT * 1_000_000,
      source: () => ({ kind: 'address', ...client.files }),
      signal: stopping.signal,
    }),
    introduction: {
      name: settings.NIGHTJAR_NAME,
      slots: settings.NIGHTJAR_SPEAKERS,
      version,
      engines: await enginesOf(pool),
      platform: `${process.platform}-${process.arch}`,
      cores: availableParallelism(),
    },
    log,
  })
  onSignals(machine)
  if (!(await machine.joined())) return 0
  console.log(`${settings.NIGHTJAR_NAME} speaks for ${client.server.href}`)
  flushCompileCache()
  await machine.run()
  return 0
}

/** What the workers can speak. Throws `speech.no-worker` when none can be started. */
async function enginesOf(pool: WorkerPool): Promise<readonly EngineInfo[]> {
  await pool.settled
  const { state, reason = '' } = pool.state
  if (state === 'failing') throw new Failure('speech.no-worker', { detail: reason })
  return await pool.engines
}

function onSignals(machine: SpeakingMachine): void {
  let signals = 0
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (signals++ > 0) return machine.release()
      console.log('Finishing what is in hand; a second signal gives it back at once.')
      machine.drain()
      setTimeout(() => machine.release(), drainTimeoutMs).unref()
    })
  }
}
