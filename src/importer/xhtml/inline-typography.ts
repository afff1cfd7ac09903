/** A capital at the start of a block, optionally after a quotation mark. */
const initialLetter = /^[“”"‘’'«»„‚(¿¡—–-]{0,2}\p{Lu}\p{M}*$/u
/** Capitals that are words by themselves, in the languages that have such. */
const singleLetterWords = /[AIOEYUÀÈÉÓÒÚВИКОСУЯАЖБЎІЕÁ]\p{M}*$/u

/** Whether a block begins with a set-apart initial. */
export function isInitial(text: string): boolean {
  return initialLetter.test(text)
}

/**
 * Whether `raw` continues the initial's word although white space stands between (`H` and ` e ran`). A capital that is
 * a word by itself is not continued: `A` and ` storm`.
 */
export function continuesInitial(text: string, raw: string): boolean {
  return !singleLetterWords.test(text) && /^\s+\p{Ll}/u.test(raw)
}

/**
 * Whether an element of a heading, directly after another without a space, is a new line of it: `Chapter Two` and `The
 * Short Road`.
 */
export function beginsLine(before: string, text: string): boolean {
  if (!/^[\p{Lu}\p{N}“"‘«]/u.test(text) || before.length < 2) return false
  return /[\p{Ll}\p{N}.:!?]$/u.test(before) || (/\s/.test(before) && /[\p{L}\p{N}]{2}$/u.test(before))
}

/** Alternative texts that only name the kind of picture. */
const genericAltText =
  /^(?:(?:chapter|section|part|book)?\s*(?:title|heading|header)?\s*(?:image|img|picture|graphic|illustration|ornament|decoration|logo|photo|page|cover)?s?(?:\s*\d+)?|.*\.(?:png|jpe?g|gif|svg|webp)|unknown|untitled)$/i

/** Whether a picture's alternative text reads like a heading. */
export function namesChapter(alt: string): boolean {
  return /[\p{L}\p{N}]/u.test(alt) && (!genericAltText.test(alt) || /^chapter\s*\d+$/i.test(alt))
}

const superscripts: Readonly<Record<string, string>> = {
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
  '-': '⁻',
  '−': '⁻',
  '–': '⁻',
  '+': '⁺',
  n: 'ⁿ',
}
const exponent = /^[-−–+]?(?:\d{1,3}|n)$/
const noteMark = /^(?:[[({]\s*\*?\s*(?:\d{1,4}|[a-z])\s*[\])}]|\*?\d{1,3}|[*†‡§¶‖]{1,4}\d{0,3})[.,;:]?$/i
const closingPunctuation = /[.,;:!?…"”’»)\]}。！？]\s?$/
const units = /(?:^|[^\p{L}])(?:[kcdmµ]?m|ft|in|yd|mi|s|sec|h|ha|[kсд]?м|см)$/u
/** A number that is not a year. */
const number = /\d$/
const year = /(?:^|[^\d.,])(?:1\d|20)\d\d$/
/** `x`, `mc` after an operator; `I` is a word. */
const variable = /(?:^|[^\p{L}\p{N}])(?!I$)\p{L}$|[=+×·*/]\s?\p{L}{1,3}$/u

/**
 * Classifies superscript text: a note mark to remove, or text, written with Unicode superscripts if it is a power
 * (`10²`, `m²`) or ends a number word (`N`º). `before` is the preceding text in its block.
 */
export function readSuperscript(
  text: string,
  before: string,
): { readonly mark: true } | { readonly text: string } {
  const bare = text.trim()
  if (before.trim() === '' || bare === '') return { text }
  if (exponent.test(bare) && !closingPunctuation.test(before)) {
    const isPower = (number.test(before) && !year.test(before)) || units.test(before) || variable.test(before)
    // After a space it is the upper half of a fraction, or undecidable.
    if (isPower || before.endsWith(' ')) return { text: superscript(text) }
  }
  if (noteMark.test(bare)) return { mark: true }
  if (/^[a-z]$/.test(bare) && /[.,;:!?…"”’»)]$/.test(before)) return { mark: true }
  if (/^[oa]s?$/.test(bare) && /(?:\d\.?|(?<!\p{L})[Nn])$/u.test(before))
    return { text: text.replace('o', 'º').replace('a', 'ª') }
  return { text }
}

function superscript(text: string): string {
  return text.replaceAll(/[-\d−–+n]/g, (char) => superscripts[char] ?? char)
}

/** The upper half of a fraction, `¹/`, at the end of a text. */
const upperHalf = /[⁰¹²³⁴⁵⁶⁷⁸⁹]+[⁄/]$/

/** Replaces the upper half of a fraction at the end of a text by plain digits; the length does not change. */
export function plainUpperHalf(text: string): string {
  const tail = text.slice(-8)
  const half = upperHalf.exec(tail)?.[0]
  // "4¹/2": its digits would join those before them.
  if (half === undefined || number.test(text.slice(0, text.length - half.length))) return text
  const digits = half.replaceAll(/[^⁄/]/g, (char) => String('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(char)))
  return text.slice(0, text.length - half.length) + digits
}
