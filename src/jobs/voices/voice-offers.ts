import { Failure } from '../../novel/failure.ts'
import { isBundled } from '../../novel/model-parts.ts'
import { type SharedModelWish, sharesModel, storedWeights, type StoredWeights, styleBytesOf } from '../../novel/installed-voice.ts'
import { publishedBytes, weightsToFetch, withWeights } from '../../novel/kokoro-voices.ts'
import { type CatalogueLanguage, catalogueLanguages, type CatalogueVoice, searchCatalogue } from '../../novel/voice-catalogue.ts'
import { libraryLanguages } from '../../storage/queries/novel-queries.ts'
import { unfinishedInstalls } from '../../storage/queries/voice-queries.ts'
import { fetchVoiceCard, licenceOf } from '../../storage/voices/voice-card.ts'
import { catalogueVoice } from '../../storage/voices/voice-catalogue-table.ts'
import { fetchVoiceSample } from '../../storage/voices/voice-model-files.ts'
import type { Application } from '../application.ts'
import type { VoiceRegistry } from './voice-registry.ts'

/** A voice of the catalogue, and whether it is installed or being installed. */
export interface VoiceOffer {
  readonly voice: CatalogueVoice
  readonly installed: boolean
  /** The id of its unfinished install. */
  readonly installing: string | undefined
  /** Of a model that has to be fetched and is there in several sizes; else empty. */
  readonly sizes: readonly { readonly weights: StoredWeights; readonly bytes: number }[]
}

const modelSizes = storedWeights.map((weights) => ({ weights, bytes: publishedBytes[weights] }))

/** Bytes to fetch for a voice: a further one that shares its model is only its style. */
export function bytesToFetch(
  voices: Pick<VoiceRegistry, 'withModelOf'>,
  voice: CatalogueVoice,
  weights?: StoredWeights,
): number {
  if (sharesModel(voice.family) && voices.withModelOf(voice.family, catalogueModel(voice, weights)))
    return styleBytesOf(voice.family)
  return withWeights(voice, weights).bytes
}

/** Which installed model a voice of the catalogue can share: of the families of several graphs, others may have come as files. */
export function catalogueModel({ family }: Pick<CatalogueVoice, 'family'>, weights?: StoredWeights): SharedModelWish {
  return { weights: weightsToFetch(family, weights), published: isBundled(family) }
}

/** The voices that can be installed, and the languages of the catalogue; those of the library's novels first. */
export async function voiceOffers(
  { db, catalogue, voices }: Pick<Application, 'catalogue' | 'db' | 'voices'>,
  wanted: { readonly language?: string | undefined; readonly search?: string | undefined },
): Promise<{ readonly offers: readonly VoiceOffer[]; readonly languages: readonly CatalogueLanguage[] }> {
  const novelLanguages = await libraryLanguages(db)
  const underWay = new Map((await unfinishedInstalls(db)).map(({ voiceId, id }) => [voiceId, id]))
  const offers = searchCatalogue(catalogue, { ...wanted, libraryLanguages: novelLanguages }).map((voice) => ({
    voice: { ...voice, bytes: bytesToFetch(voices, voice) },
    installed: voices.installed(voice.id) !== undefined,
    installing: underWay.get(voice.id),
    sizes: voice.family === 'kokoro' && !voices.withModelOf(voice.family) ? modelSizes : [],
  }))
  return { offers, languages: catalogueLanguages(catalogue, novelLanguages) }
}

/**
 * A voice's description and licence, fetched from the voice source; `undefined` if it has none. Throws
 * `voice.not-in-catalogue`, `voice.unreachable`.
 */
export async function voiceCard(
  { catalogue, voiceSource }: Pick<Application, 'catalogue' | 'voiceSource'>,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly licence: string | undefined } | undefined> {
  const voice = catalogueVoice(catalogue, id)
  const text = await fetchVoiceCard(voiceSource, voice, { signal })
  return text === undefined ? undefined : { text, licence: voice.licence ?? licenceOf(text) }
}

/**
 * A sample of a voice as the bytes of an MP3 file, fetched from the voice source. Throws `voice.not-in-catalogue`,
 * `voice.no-sample`, `voice.unreachable`.
 */
export async function offeredSample(
  { catalogue, voiceSource }: Pick<Application, 'catalogue' | 'voiceSource'>,
  id: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const voice = catalogueVoice(catalogue, id)
  const sample = await fetchVoiceSample(voiceSource, voice, { signal })
  if (!sample) throw new Failure('voice.no-sample', { voice: voice.name })
  return sample
}
