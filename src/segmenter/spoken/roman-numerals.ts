import { attached, digit, letter, lower, space, traitsAt, upper } from '../character-traits.ts'
import { isRoman, romanValue } from '../numeral-values.ts'
import { applyRules, addChange, addChanges, type Change, type Passage } from './text-changes.ts'
import { chineseNumber } from './figures/chinese-figures.ts'
import { englishScripture } from './figures/english-figures.ts'
import { italianOrdinal } from './figures/italian-figures.ts'
import { russianRomans } from './figures/russian-figures.ts'
import { sayRegnal, type SpokenNumeral, type NumeralContext } from './regnal-numbers.ts'
import { frenchOrdinal } from './figures/french-figures.ts'
import { germanOrdinal } from './spoken-numbers.ts'

const token = /\b([IVXLCDM]+|[ivxlc]{2,})(er|re|ère|ème|e|ᵉʳ|ᵉ|th|st|nd|rd)?(?![\p{L}\p{N}ᵉ])/gu

/** Words that are counted in Roman numerals: "chapter xiv", "Book I". */
const counted: Readonly<Record<string, string>> = {
  en: 'chapter chapters chap. ch. book books part parts volume volumes vol. vols. act acts scene scenes canto cantos section sections sec. letter letters number no. page pages p. pp. plate figure fig. psalm appendix article stanza episode tome series lecture table lesson verse phase war type class mark level',
  fr: 'chapitre chap. livre partie tome acte scène chant lettre page p. volume vol. section article planche numéro n° an',
  de: 'kapitel kap. buch teil band bd. akt szene gesang brief abschnitt seite s. aufzug nummer nr. weltkrieg',
  es: 'capítulo cap. libro parte tomo acto escena canto carta página pág. volumen sección siglo número',
  vi: 'chương hồi quyển phần tập kỷ mục màn cảnh số khóa lần thứ bài',
  it: 'capitolo libro parte atto scena secolo canto volume',
  pt: 'capítulo livro parte ato cena século canto volume',
  nl: 'hoofdstuk boek deel akte scène eeuw',
  ru: 'глава том часть книга действие сцена песнь',
}
const countedSets = new Map(
  Object.entries(counted).map(([code, words]) => [code, new Set(words.split(' '))] as const),
)

/**
 * Converts Roman numerals confirmed by their context: engines say "roman fourteen" in English, "katorz romain" in
 * French, or spell them. The pronoun I, words (MIX, did), and a single VI are not changed.
 */
export function sayRomans(passage: Passage, changes: Change[]): void {
  const words = countedSets.get(passage.language.code)
  if (!words) return
  if (passage.language.code === 'ru') applyRules(changes, passage.text, russianRomans)
  if (passage.language.code === 'en') applyRules(changes, passage.text, englishScripture)
  token.lastIndex = 0
  for (let match = token.exec(passage.text); match; match = token.exec(passage.text)) {
    const { 0: found, 1: numeral = '', 2: suffix, index } = match
    if (!isRoman(numeral)) continue
    const context = {
      passage,
      numeral,
      start: index,
      end: index + found.length,
      before: wordBefore(passage.text, index),
    }
    if (touchesWord(passage.text, context.start, context.end)) continue
    const spokenNumeral = suffix === undefined ? sayPlain(context, words) : saySuffixed(context, suffix)
    if (spokenNumeral !== undefined)
      addChange(
        changes,
        spokenNumeral.start ?? context.start,
        spokenNumeral.end ?? context.end,
        spokenNumeral.spoken,
      )
  }
}

/** Ⅷ, ⅷ and similar characters, in any language: always numerals, whatever the context. */
export function saySignNumerals(passage: Passage, changes: Change[]): void {
  addChanges(changes, passage.text, /[\u2160-\u2188]+/gu, ({ 0: found, index }) => {
    const numeral = found.normalize('NFKC').toUpperCase()
    if (!isRoman(numeral)) return undefined
    const context = {
      passage,
      numeral,
      start: index,
      end: index + found.length,
      before: wordBefore(passage.text, index),
    }
    const figures: SpokenNumeral = { spoken: String(romanValue(numeral)) }
    const words = countedSets.get(passage.language.code)
    const spokenNumeral = words?.has(context.before.toLowerCase()) ? figures : (sayRegnal(context) ?? figures)
    if (passage.language.code === 'zh') return chineseNumber(spokenNumeral.spoken)
    return spokenNumeral.end === undefined || spokenNumeral.end === context.end
      ? spokenNumeral.spoken
      : figures.spoken
  })
}

function sayPlain(context: NumeralContext, words: ReadonlySet<string>): SpokenNumeral | undefined {
  const { numeral, before, passage } = context
  const figures = { spoken: String(romanValue(numeral)) }
  const small = numeral !== numeral.toUpperCase()
  if (words.has(before.toLowerCase())) return small || isCounting(context) ? figures : undefined
  if (small) return undefined
  if (standsAlone(context) || leadsHeading(context)) return figures
  const regnal = sayRegnal(context) ?? sayItalianCentury(context)
  if (regnal) return regnal
  if (passage.language.code === 'de') return sayGermanOrdinal(context)
  return isPlainlyRoman(numeral) && figured.has(passage.language.code) ? figures : undefined
}

/** "XIX secolo". */
function sayItalianCentury({
  passage: { text, language },
  numeral,
  end,
}: NumeralContext): SpokenNumeral | undefined {
  if (language.code !== 'it' || !/^\ssecolo(?!\p{L})/u.test(text.slice(end, end + 8))) return undefined
  const spoken = italianOrdinal(romanValue(numeral))
  return spoken === undefined ? undefined : { spoken }
}

const figured = new Set(['en', 'fr', 'de', 'es', 'vi'])

/** Whether "Part I" is a number, unlike "the part I played". */
function isCounting({ passage: { text, kind, language }, numeral, end, before }: NumeralContext): boolean {
  if (numeral.length > 1) return true
  if (!'IVX'.includes(numeral)) return kind === 'heading'
  // Only in English is it a word as well, and never after "World War".
  if (numeral !== 'I' || language.code !== 'en') return true
  if (/\bWorld\sWar\s$/.test(text.slice(Math.max(0, end - 12), end - 1))) return true
  let next = end
  while (traitsAt(text, next) & space) next++
  if (next >= text.length || /[.,:;)\]—–?!”"]/.test(text[next]!)) return true
  const fits = (traitsAt(text, next) & lower) === 0 || /^of\s/.test(text.slice(next, next + 3))
  return (traitsAt(before, 0) & upper) !== 0 && fits
}

/** Whether the numeral is the whole text: the number of a chapter, a canto, a stanza. */
function standsAlone({ passage: { text, kind }, numeral, start, end }: NumeralContext): boolean {
  if (numeral === 'I' && kind === 'paragraph') return false
  return !/[\p{L}\p{N}]/u.test(text.slice(0, start)) && /^[\s.:)—–-]*$/.test(text.slice(end))
}

/** Whether the numeral begins a heading, "XIV. The Return", unlike the name "V. S. Pritchett". */
function leadsHeading({ passage: { text, kind }, numeral, start, end }: NumeralContext): boolean {
  if (kind !== 'heading' || text.slice(0, start).trim() !== '') return false
  if (numeral.length === 1 && !'IVX'.includes(numeral)) return false
  return /^[.:)]?\s*[—–-]?\s*$|^(?:[.:)]|\s[—–-])\s+(?!\p{Lu}\.)/u.test(text.slice(end))
}

/** Only I, V and X, and not a word or abbreviation in any of these languages. */
function isPlainlyRoman(numeral: string): boolean {
  return numeral.length > 1 && /^[IVX]+$/.test(numeral) && !['VI', 'IV', 'XX', 'XXX', 'XI'].includes(numeral)
}

/** "XIXe siècle", "Ier", "XIXth century". */
function saySuffixed(context: NumeralContext, suffix: string): SpokenNumeral | undefined {
  // "Le", "Ce" and "Me" are words.
  if (!/^[IVX]+$|^[IVXLC]{2,}$/.test(context.numeral)) return undefined
  const value = romanValue(context.numeral)
  const { code } = context.passage.language
  if (code === 'en' && /^(?:th|st|nd|rd)$/.test(suffix)) return { spoken: `${value}${suffix}` }
  if (code !== 'fr' || /^(?:th|st|nd|rd)$/.test(suffix)) return undefined
  if (/^(?:re|ère)$/.test(suffix)) return value === 1 ? { spoken: 'première' } : undefined
  const spoken = frenchOrdinal(value)
  return spoken === undefined ? undefined : { spoken }
}

/** "im XIX. Jahrhundert". */
function sayGermanOrdinal({
  passage: { text },
  numeral,
  start,
  end,
}: NumeralContext): SpokenNumeral | undefined {
  if (!/^\.\s\p{Lu}\p{Ll}/u.test(text.slice(end, end + 4)) || numeral.length < 2) return undefined
  return {
    spoken: germanOrdinal(romanValue(numeral), text.slice(0, start), text.slice(end + 2)),
    end: end + 1,
  }
}

/** The word directly before `at`, with the period of an abbreviation. */
function wordBefore(text: string, at: number): string {
  let stop = at
  while (stop > 0 && traitsAt(text, stop - 1) & space) stop--
  if (stop === at) return ''
  let head = stop
  if (text[head - 1] === '.' || text[head - 1] === '°') head--
  while (head > 0 && traitsAt(text, head - 1) & (letter | attached)) head--
  return text.slice(head, stop)
}

/** Whether it is part of a longer word: "I'm", "d'I", "X-ray", "éI", but not "Henry VIII's". */
function touchesWord(text: string, start: number, end: number): boolean {
  if (traitsAt(text, start - 1) & (letter | digit) || /['’-]/.test(text[start - 1] ?? '')) return true
  const next = text[end] ?? ''
  if (next === '-') return (traitsAt(text, end + 1) & letter) !== 0 && !isRoman(text[end + 1]!)
  return (
    /['’]/.test(next) &&
    (traitsAt(text, end + 1) & letter) !== 0 &&
    !/^s(?!\p{L})/u.test(text.slice(end + 1, end + 3))
  )
}
