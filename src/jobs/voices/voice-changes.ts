import { isDeepStrictEqual } from 'node:util'
import type { EngineInfo } from '../../speech/worker/worker-protocol.ts'
import { saveEngines } from '../../storage/queries/voice-queries.ts'
import type { Application } from '../application.ts'
import { renewCasting, stampLegacyRecipes } from './generation-recipes.ts'

/** What learns of voices that came, changed or went. */
export type VoiceChangeParts = Pick<
  Application,
  'activeGenerations' | 'db' | 'dispatcher' | 'eventBus' | 'log' | 'voices'
>

/** Call after a voice is added, removed or changed: updates the castings of active generations and dispatches them. */
export async function applyVoiceChange(application: VoiceChangeParts): Promise<void> {
  await application.voices.reload()
  await renewCastings(application)
  await application.dispatcher.refresh()
  application.eventBus.publish({ kind: 'voices' })
}

/** Calls `renewCasting` for every active generation. */
export async function renewCastings(application: Omit<VoiceChangeParts, 'dispatcher' | 'eventBus'>): Promise<void> {
  for (const { generation } of application.activeGenerations.all()) await renewCasting(application, generation)
}

/**
 * Waits, in the background, for the first speech worker that is ready, and stores what its engines are if they are new
 * (at the very first start) or changed. Requests that need voices wait until then, or until the workers fail to start:
 * before, nobody can say that there is no such voice, and a busy machine may take long to start a worker. Resolves when
 * that is done or the signal aborts.
 */
export async function adoptEngines(application: VoiceChangeParts & Pick<Application, 'objects' | 'pool'>, signal: AbortSignal): Promise<void> {
  const { pool, voices, db, dispatcher } = application
  const stopWaiting = (): void => voices.stopWaiting()
  // If a worker is ready, its engines are adopted before requests go on.
  void pool.settled.then(() => pool.state.state !== 'ready' && stopWaiting())
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  try {
    const engines: readonly EngineInfo[] | undefined = await Promise.race([pool.engines, aborted])
    if (engines === undefined || signal.aborted) return
    const changed = !isDeepStrictEqual(voices.engines, engines)
    voices.engines = engines
    await stampLegacyRecipes(application)
    // From here on segments are leased; after a change of engines, outdated recipes are renewed first.
    if (!changed) return await dispatcher.refresh()
    await saveEngines(db, engines)
    await applyVoiceChange(application)
  } catch (error) {
    application.log.error({ err: error }, 'the engines of the speech workers could not be adopted')
  } finally {
    stopWaiting()
  }
}
