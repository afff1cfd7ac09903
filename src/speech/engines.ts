import { fileURLToPath } from 'node:url'
import type { Engine } from './engine.ts'
import { openEspeakEngine } from './espeak-engine.ts'
import { openHibari } from './hibari-engine.ts'

/** Every engine that a speaker has. Models are loaded when they are first needed. */
export async function openEngines(): Promise<Engine[]> {
  const heart = fileURLToPath(new URL('../../voices/heart', import.meta.url))
  return Promise.all([openHibari(heart), openEspeakEngine()])
}
