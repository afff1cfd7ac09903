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
