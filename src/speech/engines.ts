import { fileURLToPath } from 'node:url'
import type { SpeechEngine } from './engine.ts'
import { openEspeakEngine } from './espeak-engine.ts'
import { openHibari } from './hibari-engine.ts'
import { ModelCache } from './model-shelf.ts'
import { PiperEngine } from './piper-engine.ts'

/** Every engine that a speaker has. Models are loaded when they are first needed, and kept on one shelf. */
export async function openEngines(models = new ModelCache()): Promise<SpeechEngine[]> {
  const heart = fileURLToPath(new URL('../../voices/heart', import.meta.url))
  return [await openHibari(heart, models), new PiperEngine(models), await openEspeakEngine()]
}
