import { isDeepStrictEqual } from 'node:util'
import type { EngineInfo } from '../../speech/worker/worker-protocol.ts'
import { saveEngines } from '../../storage/queries/voice-queries.ts'
import type { Application } from '../application.ts'
import { renewRecipe, stampLegacyRecipes } from './generation-recipes.ts'

/** A voice came, went or changed: what waited for it goes on, in the sound that it has now. */
export async function applyVoiceChange(application: Application): Promise<void> {
  await application.voices.reload()
  await renewRecipes(application)
  await application.dispatcher.refresh()
}

/** Every generation that waits is looked at, as `renewRecipe` does. */
export async function renewRecipes(application: Application): Promise<void> {
  for (const { generation } of application.activeGenerations.all()) await renewRecipe(application, generation)
}

/** How long requests wait for the voices of a box that has never spoken; a worker is ready within 2 s. */
const maxWaitMs = 10_000

/**
 * Waits, beside everything else, for the first speech worker that is ready, and takes over what its engines are where
 * that is not known yet: at the first start of all, and after an engine was changed. Requests that need voices are held
 * until then, but no longer than 10 s or until the workers are seen to fail. Resolves when that is done or the signal
 * aborts.
 */
export async function adoptEngines(application: Application, signal: AbortSignal): Promise<void> {
  const { pool, voices, db, dispatcher } = application
  const stopWaiting = (): void => voices.stopWaiting()
  const timer = setTimeout(stopWaiting, maxWaitMs)
  // Where one is ready, what it can speak is taken over first.
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
    // From here on the speakers are given something: what is not spoken any more as it was asked for is renewed first.
    if (!changed) return await dispatcher.refresh()
    await saveEngines(db, engines)
    await applyVoiceChange(application)
  } catch (error) {
    application.log.error({ err: error }, 'what the speech workers can speak could not be taken over')
  } finally {
    clearTimeout(timer)
    stopWaiting()
  }
}
