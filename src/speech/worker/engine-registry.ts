import { fileURLToPath } from 'node:url'
import { openEspeakEngine } from '../engines/espeak/espeak-engine.ts'
import { openHibari } from '../engines/hibari/hibari-engine.ts'
import { PiperEngine } from '../engines/piper/piper-engine.ts'
import { ModelCache } from '../onnx/model-cache.ts'
import type { SpeechEngine } from '../speech-engine.ts'

/** Opens every engine of a speech worker. Models are loaded on first use, into one shared cache. */
export async function openEngines(models = new ModelCache()): Promise<SpeechEngine[]> {
  const heart = fileURLToPath(new URL('../../../voices/heart', import.meta.url))
  return [await openHibari(heart, models), new PiperEngine(models), await openEspeakEngine()]
}
