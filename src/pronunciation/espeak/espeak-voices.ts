/** A voice of the library: `code` is Nightjar's name, `identifier` the library's. */
export interface EspeakVoice {
  readonly code: string
  readonly identifier: string
  readonly name: string
  /** BCP 47. */
  readonly language: string
  /** Other names of the voice in the library, lower case. */
  readonly aliases: readonly string[]
}

interface Listed {
  readonly name: string
  readonly identifier: string
  readonly languages: readonly { readonly name: string }[]
}

/** Corrections where the library's code is not a BCP 47 tag, or means something else. */
const languages: Readonly<Record<string, string>> = {
  'ca-ba': 'ca-x-balear',
  'ca-nw': 'ca-x-nw',
  'ca-va': 'ca-valencia',
  'chr-us-qaaa-x-west': 'chr-US-x-west',
  cmn: 'zh',
  'cmn-latn-pinyin': 'zh-Latn-pinyin',
  'en-us-nyc': 'en-US-x-nyc',
  piqd: 'tlh',
  py: 'art-x-pyash',
  'ru-cl': 'ru-x-classic',
}

const names: Readonly<Record<string, string>> = {
  cmn: 'Chinese (Mandarin)',
  'cmn-latn-pinyin': 'Chinese (Mandarin, pinyin)',
  yue: 'Chinese (Cantonese)',
  'yue-latn-jyutping': 'Chinese (Cantonese, jyutping)',
}

/** The library's test of a constructed language. */
const excluded = new Set(['xex'])

/**
 * The library's voices, the default of each language before its regional ones, then by name. A code is the voice's
 * first language (`en-us`, `fr-fr`, `cmn`), or its file name where two voices share that.
 */
export function espeakVoices(listed: readonly Listed[]): readonly EspeakVoice[] {
  const voices = new Map<string, EspeakVoice & { readonly usual: boolean }>()
  for (const { name, identifier, languages: spoken } of listed) {
    const file = identifier.split('/').at(-1) ?? identifier
    const first = (spoken[0]?.name ?? file).toLowerCase()
    const code = voices.has(first) ? file.toLowerCase() : first
    if (excluded.has(code)) continue
    const usual = !file.includes('-') || code === 'en-us'
    const language = languages[code] ?? Intl.getCanonicalLocales(code)[0] ?? code
    const aliases = [...spoken.map((one) => one.name), file, name.trim()].map((alias) => alias.toLowerCase())
    voices.set(code, { code, identifier, name: names[code] ?? name.trim(), language, aliases, usual })
  }
  return [...voices.values()]
    .sort((a, b) => Number(b.usual) - Number(a.usual) || a.name.localeCompare(b.name, 'en'))
    .map(({ code, identifier, name, language, aliases }) => ({ code, identifier, name, language, aliases }))
}

/** The voice that the library selects for `name`: a code, a language or a file name. */
export function espeakVoiceNamed(voices: readonly EspeakVoice[], name: string): EspeakVoice | undefined {
  const wanted = name.toLowerCase().replaceAll('_', '-')
  return (
    voices.find(({ code }) => code === wanted) ??
    voices.find(({ language }) => language.toLowerCase() === wanted) ??
    voices.find(({ aliases }) => aliases.includes(wanted))
  )
}
