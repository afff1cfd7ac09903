import { isDeepStrictEqual } from 'node:util'
import { saveEngines } from '../database/engines.ts'
import type { EngineInfo } from '../speech/speaker-protocol.ts'
import { stampLegacyRecipes } from './begun-recipe.ts'
import type { Application } from './studio.ts'
import { applyVoiceChange } from './voices-changed.ts'

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
