import { fileURLToPath } from 'node:url'
import { ModelCache } from '../onnx/model-cache.ts'
import type { SpeechEngine } from '../speech-engine.ts'

/** An engine of the speech workers. Its modules are loaded when it is opened. */
interface EngineEntry {
  /** The engine's `name`, first part of its voice ids. */
  readonly name: string
  /** Opens the engine; models that it loads on first use are kept in the worker's cache. */
  readonly open: (models: ModelCache) => Promise<SpeechEngine>
}

/** All engines, best first: each is a folder of `engines/`, one line here, and passes the contract. */
export const engineRegistry: readonly EngineEntry[] = [
  {
    name: 'hibari',
    open: async (models) =>
      (await import('../engines/hibari/hibari-engine.ts')).openHibari(builtInVoice('heart'), models),
  },
  {
    name: 'piper',
    open: async (models) => (await import('../engines/piper/piper-engine.ts')).openPiper(models),
  },
  {
    name: 'kokoro',
    open: async (models) =>
      (await import('../engines/kokoro/kokoro-engine.ts')).openKokoro(
        `${builtInVoice('heart')}/kokoro-symbols.json`,
        models,
      ),
  },
  {
    name: 'kokoro-zh',
    open: async (models) => (await import('../engines/kokoro/kokoro-engine.ts')).openChineseKokoro(models),
  },
  {
    name: 'vieneu',
    open: async (models) => (await import('../engines/vieneu/vieneu-engine.ts')).openVieneu(models),
  },
  {
    name: 'supertonic',
    open: async (models) =>
      (await import('../engines/supertonic/supertonic-engine.ts')).openSupertonic(models),
  },
  {
    name: 'espeak',
    open: async () => (await import('../engines/espeak/espeak-engine.ts')).openEspeakEngine(),
  },
]

/** Opens every engine, in the order of the registry. */
export function openEngines(models = new ModelCache()): Promise<SpeechEngine[]> {
  return Promise.all(engineRegistry.map(({ open }) => open(models)))
}

function builtInVoice(folder: string): string {
  return fileURLToPath(new URL(`../../../voices/${folder}`, import.meta.url))
}
