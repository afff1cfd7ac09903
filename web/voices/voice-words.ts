import type { CatalogueVoice, Voice } from '../../src/http/contract/voice-contract.ts'
import { hasLanguageName, languageName } from '../element/language-name.ts'
import { sizeWords } from '../element/size-words.ts'
import { counted } from '../element/figure-words.ts'

type Described = Pick<Voice, 'language' | 'gender' | 'licence'> & {
  readonly quality?: string | undefined
  readonly bytes?: number | undefined
  readonly speakers?: number | undefined
  readonly source?: Voice['source'] | undefined
}

/** `American English · male · medium quality · 904 speakers · 63 MB · CC0 · installed`, as far as it is known. */
export function describedVoice(voice: Described): string {
  const { language, gender, quality, speakers = 1, bytes, licence, source } = voice
  const name = languageName(language)
  return [
    // Rare languages have no name here, only a tag.
    hasLanguageName(language) && name,
    gender,
    quality && `${qualityWords(quality)} quality`,
    speakers > 1 && counted(speakers, 'speaker'),
    bytes !== undefined && sizeWords(bytes),
    licence && licenceWords(licence),
    source && sourceWords(source),
  ]
    .filter(Boolean)
    .join(' · ')
}

function licenceWords(licence: string): string {
  if (/^(see |https?:)/i.test(licence)) return 'licence on its card'
  return /^unknown$/i.test(licence) ? 'licence unknown' : licence
}

export function qualityWords(quality: string): string {
  return quality === 'x_low' ? 'very low' : quality
}

/** Where a voice is from. */
function sourceWords(source: Voice['source']): string {
  const words = {
    'built-in': 'came with Nightjar',
    public: 'installed',
    file: 'from your files',
    server: 'on a server',
  } as const
  return words[source]
}

/** Whether a voice can be heard before it is installed: beside Piper's lie samples. */
export function hasSample({ family }: Pick<CatalogueVoice, 'family'>): boolean {
  return family === 'piper'
}
