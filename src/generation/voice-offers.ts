import { shelfLanguages } from '../database/novels.ts'
import { unfinishedInstalls } from '../database/voice-installs.ts'
import { fetchCard } from '../library/voice-card.ts'
import { fetchSample } from '../library/voice-sample.ts'
import { Failure } from '../novel/failure.ts'
import { catalogueVoice } from '../library/voice-catalogue.ts'
import { licenceOf } from '../library/voice-licence.ts'
import {
  type CatalogueLanguage,
  type CatalogueVoice,
  languagesOf,
  searchCatalogue,
} from '../novel/voice-catalogue.ts'
import type { Studio } from './studio.ts'

/** A voice of the catalogue, and whether it is here or on its way. */
export interface Offer {
  readonly voice: CatalogueVoice
  readonly installed: boolean
  /** The id of the install that is under way. */
  readonly installing: string | undefined
}

/** What can be installed, the shelf's languages first. */
export async function voiceOffers(
  { db, catalogue, voices }: Studio,
  wanted: { readonly language?: string | undefined; readonly search?: string | undefined },
): Promise<{ readonly offers: readonly Offer[]; readonly languages: readonly CatalogueLanguage[] }> {
  const shelf = await shelfLanguages(db)
  const underWay = new Map((await unfinishedInstalls(db)).map(({ voiceId, id }) => [voiceId, id]))
  const offers = searchCatalogue(catalogue, { ...wanted, shelfLanguages: shelf }).map((voice) => ({
    voice,
    installed: voices.installed(voice.id) !== undefined,
    installing: underWay.get(voice.id),
  }))
  return { offers, languages: languagesOf(catalogue, shelf) }
}

/**
 * A voice's own description, from where it comes; `undefined` where there is none. Throws `voice.not-in-catalogue`,
 * `voice.unreachable`.
 */
export async function voiceCard(
  { catalogue, voiceSource }: Studio,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly licence: string | undefined } | undefined> {
  const voice = catalogueVoice(catalogue, id)
  const text = await fetchCard(voiceSource, voice, { signal })
  return text === undefined ? undefined : { text, licence: voice.licence ?? licenceOf(text) }
}

/**
 * How a voice sounds, as MP3, from where it comes. Throws `voice.not-in-catalogue`, `voice.no-sample`,
 * `voice.unreachable`.
 */
export async function offeredSample(
  { catalogue, voiceSource }: Studio,
  id: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const voice = catalogueVoice(catalogue, id)
  const sample = await fetchSample(voiceSource, voice, { signal })
  if (!sample) throw new Failure('voice.no-sample', { voice: voice.name })
  return sample
}
