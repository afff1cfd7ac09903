import { i18n } from '@lingui/core'
import { plural, t } from '@lingui/core/macro'
import type { CatalogueVoice, Voice } from '../../src/http/contract/voice-contract.ts'
import { hasLanguageName, languageName } from '../element/language-name.ts'
import { sizeWords } from '../element/size-words.ts'

type Described = Pick<Voice, 'language' | 'gender' | 'licence'> & {
  readonly quality?: string | undefined
  readonly bytes?: number | undefined
  readonly speakers?: number | undefined
  readonly source?: Voice['source'] | undefined
  readonly wordTimes?: Voice['wordTimes']
}

/** `American English · male · medium quality · 904 speakers · 63 MB · CC0 · installed`, as far as it is known. */
export function describedVoice(voice: Described): string {
  const { language, gender, quality, speakers = 1, bytes, licence, source, wordTimes } = voice
  const name = languageName(language)
  return [
    // Rare languages have no name here, only a tag.
    hasLanguageName(language) && name,
    gender && genderWords(gender),
    quality && t`${qualityWords(quality)} quality`,
    speakers > 1 && plural(speakers, { one: '# speaker', other: '# speakers' }),
    bytes !== undefined && sizeWords(bytes),
    licence && licenceWords(licence),
    wordTimes && t`word times are estimated`,
    source && sourceWords(source),
  ]
    .filter(Boolean)
    .join(' · ')
}

/** What a voice costs on the server's machine, as measured when it was proved. */
export function costWords({ speechPerCpuSecond, memoryBytes }: NonNullable<Voice['cost']>): string {
  const speed = decimalFigure(speechPerCpuSecond)
  return t`${speed} s of speech from a second of one core, ${sizeWords(memoryBytes)} of memory`
}

function decimalFigure(value: number): string {
  return new Intl.NumberFormat(i18n.locale, { maximumSignificantDigits: 2 }).format(value)
}

/** `female`, in the language of the page. */
export function genderWords(gender: string): string {
  const words: Readonly<Record<string, string>> = { female: t`female`, male: t`male` }
  return words[gender] ?? gender
}

function licenceWords(licence: string): string {
  if (/^(see |https?:)/i.test(licence)) return t`licence on its card`
  return /^unknown$/i.test(licence) ? t`licence unknown` : licence
}

export function qualityWords(quality: string): string {
  const words: Readonly<Record<string, string>> = { x_low: t`very low`, low: t`low`, medium: t`medium`, high: t`high` }
  return words[quality] ?? quality
}

/** Where a voice is from. */
function sourceWords(source: Voice['source']): string {
  const words = {
    'built-in': t`came with Nightjar`,
    public: t`installed`,
    file: t`from your files`,
    server: t`on a server`,
    blend: t`your blend`,
  } as const
  return words[source]
}

/** Whether a voice can be heard before it is installed: beside Piper's lie samples. */
export function hasSample({ family }: Pick<CatalogueVoice, 'family'>): boolean {
  return family === 'piper'
}
