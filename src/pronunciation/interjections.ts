import type { PronunciationOverride } from '../novel/pronunciation-annotations.ts'

/** Interjections written without vowels, which engines spell letter by letter; a repeated letter is one long sound. */
const sounds: readonly (readonly [RegExp, string])[] = [
  [/s+h+/, 'ʃʃ'],
  [/h+u+s+h+/, 'hˈʌʃ'],
  [/p+s+t+/, 'psst'],
  [/m+h+m+|m+-h+m+/, 'mhˈʌm'],
  [/h+m+p+h+/, 'hˈʌmf'],
  [/h+r+m+p+h+|h+r+u+m+p+h+/, 'hɹˈʌmf'],
  [/m+p+h+/, 'mf'],
  [/h+m+/, 'hˈʌm'],
  [/m{2,}/, 'mˈʌm'],
  [/g+r{2,}/, 'ɡˈɜː'],
  [/b+r{2,}/, 'bˈɜː'],
  [/p+f+t+|p+f+f+t*|p+h+t+/, 'pfft'],
  [/t+c+h+/, 'tʃʃ'],
  [/t+s+k+/, 'tˈɪsk'],
  [/t+u+t+/, 'tˈʌt'],
  [/z{2,}/, 'zzz'],
  [/s{3,}/, 'sss'],
  [/h{3,}/, 'hˈə'],
  [/n+g+h+|u+n+g+h*/, 'ˈʌŋ'],
  [/a+r+g+h+|a+a+r+g+h*/, 'ˈɑːɹɡ'],
  [/g+a+h+/, 'ɡˈɑː'],
  [/p+s+h+/, 'pʃʃ'],
  [/e+r{2,}/, 'ˈɜː'],
  [/h+r+r+/, 'hˈɜː'],
  [/v+r{2,}/, 'vɹˈuːm'],
]
const whole = sounds.map(
  ([pattern, phonemes]) => [new RegExp(`^(?:${pattern.source})$`, 'i'), phonemes] as const,
)
const candidate = /(?<![\p{L}\p{M}\p{N}'’.-])[A-Za-z]{2,40}(?:-[hm]{2,40})?(?![\p{L}\p{M}\p{N}'’]|\.\p{L})/gu
/** Those of the interjections above that contain a vowel. */
const withVowels = 'a+r+g+h+|a+a+r+g+h*|g+a+h+|h+u+s+h+|t+u+t+|u+n+g+h*|e+r{2,}|h+r+u+m+p+h+'
const withVowel = new RegExp(`^(?:${withVowels})$`, 'i')
const notWord = new RegExp(`^[^aeiouy]+$|${withVowel.source}`, 'i')

/** Whether a word with a vowel is an interjection. */
export function isInterjection(word: string): boolean {
  return withVowel.test(word)
}

/** Interjections in other languages, spelled so that their engines read them: hm mm sh pst grr brr pff tch zzz. */
const spelt: Readonly<Record<string, string>> = {
  fr: 'hum meum chut psit gueur breu peuf tchi zeu',
  de: 'hem mem scha pist gerr berr peff tscha sesse',
  es: 'jum mem chis pis guerr berr puf chis ses',
  it: 'um mem sci psi gherr berr puf ci zezze',
  pt: 'hum mem xiu psiu guerr berr puf tchi zez',
  vi: 'hừm ừm suỵt suỵt gừ bừ phì chậc khò',
}
const kinds = [
  /^m*h+m+p?[hf]*$/,
  /^m+$/,
  /^s*(?:s+h+|s+c+h+)t*$/,
  /^p*s+t+$/,
  /^g+r+$/,
  /^b+r+$/,
  /^p+f+t*$/,
  /^t+(?:c+h+|s+k+)$/,
  /^z+$/,
]

/** Finds interjections: "Shh", "Mmm", "Grr", "Pfft", "Zzz". Initials ("MM", "HM") are excluded. */
export function findInterjections(text: string, code: string): PronunciationOverride[] {
  if (code !== 'en')
    return Object.hasOwn(spelt, code) ? spellInterjections(text, spelt[code]!.split(' ')) : []
  const found: PronunciationOverride[] = []
  for (const { 0: written, index } of text.matchAll(candidate)) {
    if (
      !notWord.test(written) ||
      (written.length < 4 && written === written.toUpperCase() && !/(.)\1/.test(written))
    )
      continue
    if (/^(?:MM|SS|HM|HMS)$/.test(written)) continue
    const phonemes = whole.find(([pattern]) => pattern.test(written))?.[1]
    if (phonemes !== undefined) found.push({ start: index, end: index + written.length, phonemes })
  }
  return found
}

function spellInterjections(text: string, words: readonly string[]): PronunciationOverride[] {
  const found: PronunciationOverride[] = []
  for (const { 0: written, index } of text.matchAll(candidate)) {
    const lowerCased = written.toLowerCase()
    if (/[aeiouy]/.test(lowerCased) || (written === written.toUpperCase() && lowerCased.length < 4)) continue
    const word = words[kinds.findIndex((kind) => kind.test(lowerCased))]
    if (word === undefined) continue
    const capital =
      written.charAt(0) === lowerCased.charAt(0) ? word : word.charAt(0).toUpperCase() + word.slice(1)
    found.push({ start: index, end: index + written.length, words: capital })
  }
  return found
}
