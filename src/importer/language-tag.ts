/** Names of languages as people write them where a tag belongs, and what Project Gutenberg writes. */
const names: Readonly<Record<string, string>> = {
  arabic: 'ar',
  chinese: 'zh',
  czech: 'cs',
  danish: 'da',
  dutch: 'nl',
  english: 'en',
  esperanto: 'eo',
  finnish: 'fi',
  french: 'fr',
  german: 'de',
  greek: 'el',
  hebrew: 'he',
  hungarian: 'hu',
  italian: 'it',
  japanese: 'ja',
  korean: 'ko',
  latin: 'la',
  norwegian: 'no',
  polish: 'pl',
  portuguese: 'pt',
  romanian: 'ro',
  russian: 'ru',
  spanish: 'es',
  swedish: 'sv',
  tagalog: 'tl',
  turkish: 'tr',
  ukrainian: 'uk',
  vietnamese: 'vi',
}

/** Three-letter codes that `Intl` keeps apart from their two-letter ones. */
const bibliographicCodes: Readonly<Record<string, string>> = {
  chi: 'zh',
  cze: 'cs',
  dut: 'nl',
  fre: 'fr',
  ger: 'de',
  gre: 'el',
  rum: 'ro',
}

/** A language as somebody wrote it (`en_US`, `eng`, `English`) as a BCP 47 tag; `undefined` if it is none. */
export function languageTag(written: string): string | undefined {
  const text = written.trim().replaceAll('_', '-').toLowerCase()
  const first = text.split(/[,;/(]/, 1)[0]?.trim() ?? ''
  const tag = names[first] ?? bibliographicCodes[first] ?? first
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/.test(tag)) return undefined
  try {
    const canonical = Intl.getCanonicalLocales(tag)[0]
    return canonical === undefined || /^(?:und|mul|zxx|mis)\b/.test(canonical) ? undefined : canonical
  } catch {
    return undefined
  }
}
