import { fileURLToPath } from 'node:url'
import type { SpeechEngine } from '../speech-engine.ts'
import { openEspeakEngine } from '../engines/espeak/espeak-engine.ts'
import { openHibari } from '../engines/hibari/hibari-engine.ts'
import { ModelCache } from '../onnx/model-cache.ts'
import { PiperEngine } from '../engines/piper/piper-engine.ts'

/** Every engine that a speaker has. Models are loaded when they are first needed, and kept on one shelf. */
export async function openEngines(models = new ModelCache()): Promise<SpeechEngine[]> {
  const heart = fileURLToPath(new URL('../../../voices/heart', import.meta.url))
  return [await openHibari(heart, models), new PiperEngine(models), await openEspeakEngine()]
}
