/** A capital at the start of a block, perhaps behind a quotation mark. */
const initialLetter = /^[“”"‘’'«»„‚(¿¡—–-]{0,2}\p{Lu}\p{M}*$/u
/** Capitals that are words by themselves, in the languages that have such. */
const singleLetterWords = /[AIOEYUÀÈÉÓÒÚВИКОСУЯАЖБЎІЕÁ]\p{M}*$/u

/** Whether a block that begins like this has begun with an initial set apart. */
export function isInitial(text: string): boolean {
  return initialLetter.test(text)
}

/**
 * Whether `raw` is the rest of the initial's word although white space stands between (`H` and ` e ran`). A capital that
 * is a word by itself stays one: `A` and ` storm`.
 */
export function continuesInitial(text: string, raw: string): boolean {
  return !singleLetterWords.test(text) && /^\s+\p{Ll}/u.test(raw)
}

/** A heading's element that begins right behind another without a space: another line of it, `Chapter Two` and `The Short Road`. */
export function beginsLine(before: string, text: string): boolean {
  if (!/^[\p{Lu}\p{N}“"‘«]/u.test(text) || before.length < 2) return false
  return /[\p{Ll}\p{N}.:!?]$/u.test(before) || (/\s/.test(before) && /[\p{L}\p{N}]{2}$/u.test(before))
}

/** Words that only say that there is a picture. */
const genericAltText =
  /^(?:(?:chapter|section|part|book)?\s*(?:title|heading|header)?\s*(?:image|img|picture|graphic|illustration|ornament|decoration|logo|photo|page|cover)?s?(?:\s*\d+)?|.*\.(?:png|jpe?g|gif|svg|webp)|unknown|untitled)$/i

/** Whether a picture's alternative text says what a heading would. */
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
 * What raised text is: a note's mark to take out, or text, written with the characters that Unicode has for it where it
 * is a power (`10²`, `m²`) or the end of a number word (`N`º). `before` is what stands before it in its block.
 */
export function readSuperscript(
  text: string,
  before: string,
): { readonly mark: true } | { readonly text: string } {
  const bare = text.trim()
  if (before.trim() === '' || bare === '') return { text }
  if (exponent.test(bare) && !closingPunctuation.test(before)) {
    const isPower = (number.test(before) && !year.test(before)) || units.test(before) || variable.test(before)
    // After a space it is the upper half of a fraction, or nothing that could be told.
    if (isPower || before.endsWith(' ')) return { text: superscript(text) }
  }
  if (noteMark.test(bare)) return { mark: true }
  if (/^[a-z]$/.test(bare) && /[.!?…"”’»)]$/.test(before)) return { mark: true }
  if (/^[oa]s?$/.test(bare) && /(?:\d\.?|(?<!\p{L})[Nn])$/u.test(before))
    return { text: text.replace('o', 'º').replace('a', 'ª') }
  return { text }
}

function superscript(text: string): string {
  return text.replaceAll(/[-\d−–+n]/g, (char) => superscripts[char] ?? char)
}

/** The upper half of a fraction that a lowered number turns out to belong to: `¹/`, at the end of a text. */
const upperHalf = /[⁰¹²³⁴⁵⁶⁷⁸⁹]+[⁄/]$/

/** A text that ends with the upper half of a fraction, with plain digits there; as long as before. */
export function plainUpperHalf(text: string): string {
  const tail = text.slice(-8)
  const half = upperHalf.exec(tail)?.[0]
  if (half === undefined) return text
  const digits = half.replaceAll(/[^⁄/]/g, (char) => String('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(char)))
  return text.slice(0, text.length - half.length) + digits
}
