import { libraryLanguages } from '../../storage/queries/novel-queries.ts'
import { unfinishedInstalls } from '../../storage/queries/voice-queries.ts'
import { fetchVoiceCard, licenceOf } from '../../storage/voices/voice-card.ts'
import { fetchVoiceSample } from '../../storage/voices/voice-model-files.ts'
import { Failure } from '../../novel/failure.ts'
import { catalogueVoice } from '../../storage/voices/voice-catalogue-table.ts'
import {
  type CatalogueLanguage,
  type CatalogueVoice,
  catalogueLanguages,
  searchCatalogue,
} from '../../novel/voice-catalogue.ts'
import type { Application } from '../application.ts'

/** A voice of the catalogue, and whether it is here or on its way. */
export interface VoiceOffer {
  readonly voice: CatalogueVoice
  readonly installed: boolean
  /** The id of the install that is under way. */
  readonly installing: string | undefined
}

/** What can be installed, the shelf's languages first. */
export async function voiceOffers(
  { db, catalogue, voices }: Application,
  wanted: { readonly language?: string | undefined; readonly search?: string | undefined },
): Promise<{ readonly offers: readonly VoiceOffer[]; readonly languages: readonly CatalogueLanguage[] }> {
  const novelLanguages = await libraryLanguages(db)
  const underWay = new Map((await unfinishedInstalls(db)).map(({ voiceId, id }) => [voiceId, id]))
  const offers = searchCatalogue(catalogue, { ...wanted, libraryLanguages: novelLanguages }).map((voice) => ({
    voice,
    installed: voices.installed(voice.id) !== undefined,
    installing: underWay.get(voice.id),
  }))
  return { offers, languages: catalogueLanguages(catalogue, novelLanguages) }
}

/**
 * A voice's own description, from where it comes; `undefined` where there is none. Throws `voice.not-in-catalogue`,
 * `voice.unreachable`.
 */
export async function voiceCard(
  { catalogue, voiceSource }: Application,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly licence: string | undefined } | undefined> {
  const voice = catalogueVoice(catalogue, id)
  const text = await fetchVoiceCard(voiceSource, voice, { signal })
  return text === undefined ? undefined : { text, licence: voice.licence ?? licenceOf(text) }
}

/**
 * How a voice sounds, as MP3, from where it comes. Throws `voice.not-in-catalogue`, `voice.no-sample`,
 * `voice.unreachable`.
 */
export async function offeredSample(
  { catalogue, voiceSource }: Application,
  id: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const voice = catalogueVoice(catalogue, id)
  const sample = await fetchVoiceSample(voiceSource, voice, { signal })
  if (!sample) throw new Failure('voice.no-sample', { voice: voice.name })
  return sample
}
