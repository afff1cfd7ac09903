import { masteringVersion } from '../../audio/mastering-settings.ts'
import type { Pauses, Recipe } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import {
  asVoice,
  type InstalledVoice,
  speakerOf,
  type SharedModelWish,
  type VoiceFamily,
} from '../../novel/installed-voice.ts'
import { anyLanguage, serverVoice, voiceOnServer } from '../../novel/speech-server.ts'
import { bestVoice, englishAccent, engineOf, primarySubtag, sameLanguage, spokenLanguage, type Voice } from '../../novel/voice.ts'
import { paceRule } from '../../speech/quality/voice-pace.ts'
import type { EngineInfo } from '../../speech/worker/worker-protocol.ts'
import type { Database } from '../../storage/database-tables.ts'
import { modelKey, voiceKeys } from '../../storage/object-keys.ts'
import type { SavedRecipe } from '../../storage/queries/recipe-queries.ts'
import { listServers, type RegisteredServer } from '../../storage/queries/speech-server-queries.ts'
import { knownEngines, listVoices, voiceDefaults } from '../../storage/queries/voice-queries.ts'
import { engineText, installedSource, legacyEngineText, type SpeechSource } from './speech-source.ts'

interface VoiceRegistryParts {
  readonly db: Database
  /** The workers' engines with their built-in voices, as of the last run; empty if not known yet. */
  readonly engines: readonly EngineInfo[]
  readonly pauses: Required<Pauses>
  /** Why no engine may have been reported yet, if that is known. */
  readonly silence?: () => Failure | undefined
}

export interface RequestedSound {
  readonly voice?: string | undefined
  readonly speed?: number | undefined
}

interface VoiceIdentity extends Pick<InstalledVoice, 'checksum' | 'family'> {
  readonly configChecksum?: string | undefined
}

/** The voices that can speak now, and the recipes that they make. A cache of the database as of the last `reload`. */
export class VoiceRegistry {
  readonly #parts: VoiceRegistryParts
  readonly #ready = Promise.withResolvers<void>()
  #engines: readonly EngineInfo[]
  #enginesConfirmed = false
  #all: readonly Voice[] = []
  #byId: ReadonlyMap<string, Voice> = new Map()
  #installed: ReadonlyMap<string, InstalledVoice> = new Map()
  #servers: ReadonlyMap<string, RegisteredServer> = new Map()
  #defaults: ReadonlyMap<string, string> = new Map()

  constructor(parts: VoiceRegistryParts) {
    this.#parts = parts
    this.#engines = parts.engines
    if (parts.engines.length > 0) this.#ready.resolve()
  }

  get engines(): readonly EngineInfo[] {
    return this.#engines
  }

  /** Sets the engines that a worker of this run reported. Call `reload` after it. */
  set engines(engines: readonly EngineInfo[]) {
    this.#engines = engines
    this.#enginesConfirmed = true
  }

  /** Whether a worker of this run has reported its engines; until then they are those of the last run. */
  get enginesConfirmed(): boolean {
    return this.#enginesConfirmed
  }

  /** Resolves when the engines are known, or after `stopWaiting`. */
  get ready(): Promise<void> {
    return this.#ready.promise
  }

  stopWaiting(): void {
    this.#ready.resolve()
  }

  /** Reads the rows again: a voice was installed or removed, a server added or changed. */
  async reload(): Promise<void> {
    const { db } = this.#parts
    const [installed, servers] = [await listVoices(db), await listServers(db)]
    // Another server may know what this one, without workers of its own, cannot.
    if (!this.#enginesConfirmed) {
      const engines = await knownEngines(db)
      if (engines.length > 0) this.#engines = engines
    }
    this.#defaults = await voiceDefaults(db)
    this.#installed = new Map(installed.map((voice) => [voice.id, voice]))
    this.#servers = new Map(servers.map((known) => [known.server.name, known]))
    this.#all = [
      ...this.#engines.flatMap(({ voices }) => voices),
      ...installed.map(asVoice),
      ...servers.flatMap(({ server, voices }) => voices.map((voice) => serverVoice(server, voice))),
    ]
    this.#byId = new Map(this.#all.map((voice) => [voice.id, voice]))
  }

  get all(): readonly Voice[] {
    return this.#all
  }

  get servers(): Iterable<RegisteredServer> {
    return this.#servers.values()
  }

  server(name: string): RegisteredServer | undefined {
    return this.#servers.get(name)
  }

  /** By the id of the model, without the number of a speaker. */
  installed(id: string): InstalledVoice | undefined {
    return this.#installed.get(id)
  }

  /** Whether an installed voice has the model with this SHA-256, hex. */
  hasModel(checksum: string): boolean {
    return [...this.#installed.values()].some((one) => one.checksum === checksum)
  }

  /** The first installed voice of a family, with these weights if they are named, of the catalogue if it has to be. */
  withModelOf(
    family: VoiceFamily,
    { weights, published = false }: SharedModelWish = {},
  ): InstalledVoice | undefined {
    return [...this.#installed.values()].find(
      (one) =>
        one.family === family &&
        (weights === undefined || one.weights === weights) &&
        (!published || one.source === 'public'),
    )
  }

  /** Size of an installed voice's network by its SHA-256; 0: it is not here any more. */
  modelBytes(checksum: string): number {
    return [...this.#installed.values()].find((one) => one.checksum === checksum)?.bytes ?? 0
  }

  /** Key of the object that is an installed voice's network or configuration, by its SHA-256, hex. */
  keyByChecksum(checksum: string): string | undefined {
    for (const installed of this.#installed.values()) {
      if (installed.checksum === checksum) return modelKey(installed)
      if (installed.configChecksum === checksum) return voiceKeys(installed.folder).config
    }
    return undefined
  }

  /** The installed voice with the same model and configuration, by checksum. */
  installedWith({ checksum, configChecksum, family }: VoiceIdentity): InstalledVoice | undefined {
    return [...this.#installed.values()].find(
      (one) => one.checksum === checksum && one.configChecksum === configChecksum && one.family === family,
    )
  }

  /** A voice, or a speaker of a model (`MODEL:NUMBER`). Throws `voice.unknown`. */
  byId(id: string): Voice {
    const voice = this.#find(id)
    if (!voice) throw new Failure('voice.unknown', { voice: id })
    return voice
  }

  /** All voices, or those of a language; a server's voices may speak any. */
  speaking(language: string | undefined): readonly Voice[] {
    if (language === undefined) return this.#all
    return this.#all.filter(
      (voice) => voice.language === anyLanguage || sameLanguage(voice.language, language),
    )
  }

  /** Its display name; its id if it is no longer installed. */
  nameOf(id: string): string {
    return this.#find(id)?.name ?? id
  }

  /** What speaks it; `undefined` if it is no longer installed. */
  sourceOf(id: string): SpeechSource | undefined {
    const voice = this.#find(id)
    if (!voice) return undefined
    const onServer = voiceOnServer(id)
    if (onServer) {
      const known = this.#servers.get(onServer.server)
      return known && { kind: 'server', known, voice: onServer.voice }
    }
    const { base, speaker } = speakerOf(id)
    const installed = this.#installed.get(base)
    if (!installed) return { kind: 'workers' }
    return installedSource(installed, speaker)
  }

  /** The novel's own voice if it can speak now, else the best for its language; `undefined` if there is none. */
  ofNovel(novel: { readonly voice: string | null; readonly language: string }): Voice | undefined {
    const own = novel.voice === null ? undefined : this.#find(novel.voice)
    return own ?? this.best(novel.language)
  }

  /** The default that the user chose for a language, else the best installed voice. */
  best(language: string): Voice | undefined {
    const chosen = this.#defaults.get(spokenLanguage(language))
    return (chosen === undefined ? undefined : this.#find(chosen)) ?? bestVoice(this.#all, language)
  }

  /** Whether new novels in its language get this voice. */
  isDefault(voice: Voice): boolean {
    return this.best(voice.language)?.id === voice.id
  }

  /** Throws `speech.no-machine` or `speech.no-worker` if there are no voices at all for that reason. */
  requireVoices(): void {
    const silence = this.#all.length === 0 ? this.#parts.silence?.() : undefined
    if (silence) throw silence
  }

  /**
   * The recipe of a new generation in a voice and speed; left out: the novel's own. Throws `voice.unknown`,
   * `voice.none`, `speech.no-machine`, `speech.no-worker`.
   */
  recipe(
    novel: { readonly voice: string | null; readonly speed: number; readonly language: string },
    wanted: RequestedSound = {},
  ): Recipe {
    this.requireVoices()
    const voice = wanted.voice === undefined ? this.ofNovel(novel) : this.byId(wanted.voice)
    if (!voice) throw new Failure('voice.none', { language: novel.language })
    const accent = this.accentOf(voice.id)
    return {
      voice: voice.id,
      speed: wanted.speed ?? novel.speed,
      engine: this.engineOf(voice.id),
      studio: masteringVersion,
      pace: paceRule,
      ...(accent !== undefined && { accent }),
      pauses: this.#parts.pauses,
    }
  }

  /**
   * Everything of engine and voice that shapes the sound, except the accent: versions, checksums, gain, pace. Part of the
   * clip key. Throws `voice.unknown`.
   */
  engineOf(id: string): string {
    const [source, engine] = this.#engineFor(id)
    return engineText(source, engine)
  }

  /**
   * Whether a clip spoken now may be stored under the recipe's key: engine, voice and mastering are still the same. Speed,
   * accent and pauses are parameters of each task.
   */
  canSpeak({ recipe: { voice, studio, pace }, made }: SavedRecipe): boolean {
    if (studio !== masteringVersion || (pace !== undefined && pace !== paceRule)) return false
    try {
      return made === this.engineOf(voice)
    } catch (error) {
      if (error instanceof Failure) return false
      throw error
    }
  }

  /**
   * `engineOf` as older versions wrote it into recipes, without checksum of the configuration and pace. Throws
   * `voice.unknown`.
   */
  legacyEngineOf(id: string): string {
    const [source, engine] = this.#engineFor(id)
    return legacyEngineText(source, engine)
  }

  /** How an installed voice of Heart's family or of Kokoro pronounces, by its language; `undefined` for all others. */
  accentOf(id: string): string | undefined {
    const installed = this.#installed.get(id)
    if (installed === undefined || installed.family === 'piper') return undefined
    const primary = primarySubtag(installed.language)
    return installed.family === 'hibari' || primary === 'en' ? englishAccent(installed.language) : primary
  }

  #engineFor(id: string): readonly [SpeechSource, EngineInfo | undefined] {
    const source = this.sourceOf(id)
    const engine = this.#engines.find(({ name }) => name === engineOf(id))
    if (!source || (source.kind === 'workers' && !engine)) throw new Failure('voice.unknown', { voice: id })
    return [source, engine]
  }

  #find(id: string): Voice | undefined {
    const known = this.#byId.get(id)
    if (known) return known
    const { base, speaker } = speakerOf(id)
    const model = this.#byId.get(base)
    const name = model?.speakers?.[speaker]
    if (!model || name === undefined) return undefined
    const { speakers: _, ...one } = model
    return { ...one, id, name: `${model.name} · ${name}` }
  }
}
