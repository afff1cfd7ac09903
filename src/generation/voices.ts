import { studioVersion } from '../audio/studio.ts'
import { Failure } from '../novel/failure.ts'
import type { Recipe } from '../novel/recipe.ts'
import type { Pause } from '../novel/segment.ts'
import { bestVoice, engineOf, primarySubtag, type Voice } from '../novel/voice.ts'
import type { EngineInfo } from '../speech/speaker-protocol.ts'

/** Who can speak now, and how a voice is made into a recipe. */
export class Voices {
  readonly all: readonly Voice[]
  readonly #engines: ReadonlyMap<string, EngineInfo>
  readonly #byId: ReadonlyMap<string, Voice>
  readonly #pauses: Readonly<Record<Pause, number>>

  constructor(engines: readonly EngineInfo[], pauses: Readonly<Record<Pause, number>>) {
    this.all = engines.flatMap((engine) => engine.voices)
    this.#engines = new Map(engines.map((engine) => [engine.name, engine]))
    this.#byId = new Map(this.all.map((voice) => [voice.id, voice]))
    this.#pauses = pauses
  }

  /** Throws `voice.unknown`. */
  byId(id: string): Voice {
    const voice = this.#byId.get(id)
    if (!voice) throw new Failure('voice.unknown', { voice: id })
    return voice
  }

  /** All, or those of a language. */
  speaking(language: string | undefined): readonly Voice[] {
    if (language === undefined) return this.all
    return this.all.filter((voice) => primarySubtag(voice.language) === primarySubtag(language))
  }

  /** What people call it; its id if it is no longer there. */
  nameOf(id: string): string {
    return this.#byId.get(id)?.name ?? id
  }

  /** The novel's own voice if it can speak now, else the best for its language; `undefined` if there is none. */
  ofNovel(novel: { readonly voice: string | null; readonly language: string }): Voice | undefined {
    const own = novel.voice === null ? undefined : this.#byId.get(novel.voice)
    return own ?? bestVoice(this.all, novel.language)
  }

  /** Whether new novels in its language get this voice. */
  isDefault(voice: Voice): boolean {
    return bestVoice(this.all, voice.language)?.id === voice.id
  }

  /** How a novel sounds in a voice and speed; left out: its own. Throws `voice.unknown`, `voice.none`. */
  recipe(
    novel: { readonly voice: string | null; readonly speed: number; readonly language: string },
    wanted: { readonly voice?: string | undefined; readonly speed?: number | undefined } = {},
  ): Recipe {
    const voice = wanted.voice === undefined ? this.ofNovel(novel) : this.byId(wanted.voice)
    if (!voice) throw new Failure('voice.none', { language: novel.language })
    const engine = this.#engines.get(engineOf(voice.id))
    if (!engine) throw new Failure('voice.unknown', { voice: voice.id })
    return {
      voice: voice.id,
      speed: wanted.speed ?? novel.speed,
      engine: engine.version,
      studio: studioVersion,
      pauses: this.#pauses,
    }
  }
}
