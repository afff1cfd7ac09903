import type { Chapter } from '../novel/novel.ts'

/** Language names found where a tag belongs, and those used by Project Gutenberg. */
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

/** ISO 639-2/B codes, which `Intl` does not map to two-letter codes. */
const bibliographicCodes: Readonly<Record<string, string>> = {
  chi: 'zh',
  cze: 'cs',
  dut: 'nl',
  fre: 'fr',
  ger: 'de',
  gre: 'el',
  rum: 'ro',
}

/** Parses a declared language (`en_US`, `eng`, `English`) into a BCP 47 tag; `undefined` if it is not one. */
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

/** UTF-16 units of text examined for detection. */
const sampleLength = 40_000

/** The most frequent short words of languages in Latin script, without those that many languages share. */
const stopWords: Readonly<Record<string, string>> = {
  en: 'the and of to was that with his her had for not which you were they from there who but she him have this be it in he my said',
  fr: 'le la les des et dans une est que qui pour pas il elle était vous ce je avec',
  de: 'der die das und nicht ich ist mit sich ein eine den dem er sie war auf zu',
  es: 'el la los las que de y en una por con no se su para era como pero lo',
  it: 'il di che la non una per era con si lo gli della del sono ma come più è',
  pt: 'o a os as que de e não uma em com para do da se por era mais ao seu',
  nl: 'de het een en van dat niet ik hij zijn was met op voor maar ze naar',
  sv: 'och att det som en på är av för den inte jag med han hon var sig till',
  da: 'og at det som en på er af for den ikke jeg med han hun var sig til',
  pl: 'i w nie się na z do to że jest jak ale po co tak był o za od',
  cs: 'a se na že je v to byl jsem ale jak do co si by když tak',
  fi: 'ja on ei se oli että hän mutta kun niin kuin olla mitä nyt',
  hu: 'a az és hogy nem egy is volt de ez azt meg csak mint ha már',
  ro: 'și în de la cu nu că este pe un o din se care mai sau',
  tr: 've bir bu da de için çok ne gibi daha ama değil onu ben o',
  id: 'yang dan di itu dengan tidak untuk ini dari dalam akan pada ke',
}
const stopWordSets = Object.entries(stopWords).map(
  ([tag, words]) => [tag, new Set(words.split(' '))] as const,
)

/** Letters used only in Vietnamese: most vowels with a second mark, and those with a hook or a dot below. */
const vietnamese = /[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹơưđ]/g
const simplified = /[们这国说时来对会过还没为个后么样点问实东长开关车门见书话让谁难]/g
const traditional = /[們這國說時來對會過還沒為個後麼樣點問實東長開關車門見書話讓誰難]/g

/**
 * Detects the language of a text by its script, then by distinctive letters, then by stop words; `und` if undecided.
 * `sure` if script or letters leave no doubt.
 */
export function detectLanguage(text: string): { readonly tag: string; readonly sure: boolean } {
  const sample = text.slice(0, sampleLength).toLowerCase().normalize('NFC')
  const count = (pattern: RegExp): number => sample.match(pattern)?.length ?? 0
  const letters = count(/\p{L}/gu)
  if (letters === 0) return { tag: 'und', sure: false }
  const share = (pattern: RegExp): number => count(pattern) / letters
  if (share(/[\u3040-\u30ff]/g) > 0.1) return { tag: 'ja', sure: true }
  if (share(/\p{Script=Hangul}/gu) > 0.3) return { tag: 'ko', sure: true }
  if (share(/\p{Script=Han}/gu) > 0.5)
    return { tag: count(traditional) > count(simplified) ? 'zh-Hant' : 'zh', sure: true }
  if (share(/\p{Script=Cyrillic}/gu) > 0.5)
    return share(/[їєґі]/g) > 0.03 ? { tag: 'uk', sure: true } : { tag: 'ru', sure: share(/[ыэъё]/g) > 0.005 }
  for (const [script, tag] of [
    ['Greek', 'el'],
    ['Arabic', 'ar'],
    ['Hebrew', 'he'],
    ['Thai', 'th'],
    ['Devanagari', 'hi'],
  ] as const)
    if (share(new RegExp(`\\p{Script=${script}}`, 'gu')) > 0.5)
      return { tag, sure: tag !== 'ar' && tag !== 'hi' }
  if (share(vietnamese) > 0.08) return { tag: 'vi', sure: true }
  return { tag: byStopWords(sample), sure: false }
}

function byStopWords(sample: string): string {
  // Single letters are words in too many languages.
  const words = sample.match(/\p{L}{2,}/gu) ?? []
  const scores = stopWordSets
    .map(([tag, set]) => ({ tag, hits: words.reduce((sum, word) => sum + (set.has(word) ? 1 : 0), 0) }))
    .toSorted((a, b) => b.hits - a.hits)
  const best = scores[0]
  // Prose has a stop word in every six words; a list of names has none.
  return best !== undefined && best.hits >= 3 && best.hits * 12 >= words.length ? best.tag : 'und'
}

export interface ResolvedLanguage {
  readonly tag: string
  readonly remarks: readonly string[]
}

/**
 * Returns the declared language, unless none is declared or the script or letters contradict it (conversion tools leave
 * `en` or `und` behind): then the detected language of the longest chapter.
 */
export function resolveLanguage(
  declared: string | undefined,
  chapters: readonly Chapter[],
): ResolvedLanguage {
  const guess = detectLanguage(sampleOf(chapters))
  if (declared === undefined) return { tag: guess.tag, remarks: [] }
  if (
    !guess.sure ||
    primarySubtag(guess.tag) === primarySubtag(declared) ||
    isSameFamily(primarySubtag(guess.tag), primarySubtag(declared))
  )
    return { tag: declared, remarks: [] }
  return {
    tag: guess.tag,
    remarks: [
      `The book says that it is in “${declared}”, but it is written in “${guess.tag}”, so that is used.`,
    ],
  }
}

function primarySubtag(tag: string): string {
  return tag.split('-', 1)[0] ?? ''
}

/** Whether the two languages share a script, so that the script does not contradict the declaration. */
function isSameFamily(guessed: string, declared: string): boolean {
  const relatives: Readonly<Record<string, RegExp>> = {
    zh: /^(?:cmn|yue|nan|hak|wuu|lzh)$/,
    ru: /^(?:be|bg|mk|mn|sr|uk|kk|ky|tg|tt|ba|cv|os|sah)$/,
    uk: /^(?:be|bg|mk|ru|rue|sr)$/,
    el: /^grc$/,
    he: /^(?:yi|arc|lad)$/,
    ja: /^(?:ryu|ojp)$/,
  }
  return relatives[guessed]?.test(declared) ?? false
}

/** The beginning of the longest chapter, which is neither title page nor licence. */
function sampleOf(chapters: readonly Chapter[]): string {
  let longest: Chapter | undefined
  let most = -1
  for (const chapter of chapters) {
    const length = chapter.blocks.reduce((sum, { text }) => sum + text.length, 0)
    if (length > most) [longest, most] = [chapter, length]
  }
  let sample = ''
  for (const { text } of longest?.blocks ?? []) {
    sample += `${text} `
    if (sample.length > sampleLength) break
  }
  return sample
}
