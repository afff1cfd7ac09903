import { type InstalledVoice, isKokoro } from '../../novel/installed-voice.ts'
import { primarySubtag } from '../../novel/voice.ts'
import { type FrontEnd, frontEndVersion } from '../../pronunciation/front-ends.ts'
import { serverEngine } from '../../speech/server/speech-server-client.ts'
import type { EngineInfo } from '../../speech/worker/worker-protocol.ts'
import { modelKey, voiceKeys } from '../../storage/object-keys.ts'
import type { RegisteredServer } from '../../storage/queries/speech-server-queries.ts'
import type { StoredModel } from '../../storage/voices/voice-model-files.ts'

/** What speaks a voice: the speech workers, with model and gain if it is an installed one, or a speech server. */
export type SpeechSource =
  | {
      readonly kind: 'workers'
      readonly model?: StoredModel
      readonly gain?: number
      readonly pace?: number
      readonly frontEnd?: FrontEnd
    }
  | { readonly kind: 'server'; readonly known: RegisteredServer; readonly voice: string }

/** An installed voice, or a speaker of its model. */
export function installedSource(installed: InstalledVoice, speaker: number): SpeechSource {
  const model = {
    modelKey: modelKey(installed),
    ...(installed.configured && { configKey: voiceKeys(installed.folder).config }),
    checksum: installed.checksum,
    ...(installed.configChecksum !== undefined && { configChecksum: installed.configChecksum }),
    language: installed.language,
  }
  const frontEnd = frontEndOf(installed)
  const source = { kind: 'workers', model, ...(frontEnd !== undefined && { frontEnd }) } as const
  // Validation measures only the first speaker of a model; the others are measured by the worker that speaks them.
  if (speaker > 0) return source
  const { gain, pace } = installed
  return { ...source, gain, ...(pace !== undefined && { pace }) }
}

/** By what an installed voice speaks beside eSpeak; `undefined` for nearly all. */
function frontEndOf({ family, language, frontEnd }: InstalledVoice): FrontEnd | undefined {
  if (!isKokoro(family)) return frontEnd
  return frontEndsOfKokoro[primarySubtag(language)]
}

const frontEndsOfKokoro: Readonly<Record<string, FrontEnd>> = { ja: 'japanese', zh: 'pinyin' }

/** Everything of engine and voice that shapes the sound, except the accent: versions, checksums, gain, pace. */
export function engineText(source: SpeechSource, engine: EngineInfo | undefined): string {
  if (source.kind === 'server') return serverEngine(source.known.server)
  if (!source.model || !engine) return engine?.version ?? ''
  const { checksum, configChecksum } = source.model
  const { gain, pace, frontEnd } = source
  return [
    engine.version,
    ...(frontEnd === undefined ? [] : [frontEndVersion(frontEnd)]),
    `model-${checksum.slice(0, 12)}`,
    ...(configChecksum === undefined ? [] : [`config-${configChecksum.slice(0, 12)}`]),
    ...(gain === undefined ? [] : [`gain-${gain.toFixed(4)}`]),
    ...(pace === undefined ? [] : [`pace-${pace.toFixed(4)}`]),
  ].join(' ')
}

/** `engineText` as older versions wrote it into recipes, without checksum of the configuration and pace. */
export function legacyEngineText(source: SpeechSource, engine: EngineInfo | undefined): string {
  if (source.kind === 'server') return `speech-server ${source.known.server.model}`
  if (!source.model || !engine) return engine?.version ?? ''
  const gain = source.gain === undefined ? '' : ` gain-${source.gain.toFixed(4)}`
  return `${engine.version} model-${source.model.checksum.slice(0, 12)}${gain}`
}
