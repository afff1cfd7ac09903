import type { PronunciationOverride } from '../novel/pronunciation-annotations.ts'

/** A word's first letters, once or more, followed by the word: "W-what", "Th-that", "d-d-don’t". */
const stutter = /(?<![\p{L}\p{M}\p{N}'’-])((?:(\p{L}{1,2})[-–…]\s?)+)(?=\2\p{L}*[\p{L}\p{M}'’])/giu

/** Phonemes of initial consonants in English; two letters take precedence over one. */
const english: ReadonlyMap<string, string> = new Map(
  (
    'b:b c:k d:d f:f g:ɡ h:h j:dʒ k:k l:l m:m n:n p:p q:k r:ɹ s:s t:t v:v w:w y:j z:z ch:tʃ sh:ʃ th:ð ph:f wh:w st:st sp:sp ' +
    'sk:sk sl:sl sm:sm sn:sn sw:sw bl:bl br:bɹ cl:kl cr:kɹ dr:dɹ fl:fl fr:fɹ gl:ɡl gr:ɡɹ pl:pl pr:pɹ tr:tɹ tw:tw qu:kw kn:n wr:ɹ'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
)
/** Words with voiced "th"; others are voiceless. */
const voiced = /^th(?:e|at|is|ese|ose|ey|em|en|ere|eir|ough|an|us|ou|ee|y)/i
/** Initial letters with another sound: "know", "who". */
const silent: readonly (readonly [RegExp, string])[] = [
  [/^kn/i, 'n'],
  [/^wr/i, 'ɹ'],
  [/^who/i, 'h'],
  [/^ce|^ci|^cy/i, 's'],
  [/^ch/i, 'tʃ'],
  [/^sh/i, 'ʃ'],
  [/^ph/i, 'f'],
  [/^ge[nor]|^gi[an]/i, 'dʒ'],
]

/** Vowel appended to a consonant so that engines of other languages speak its sound and not its name. */
const vowels: Readonly<Record<string, string>> = {
  fr: 'e',
  de: 'e',
  es: 'e',
  it: 'e',
  pt: 'e',
  nl: 'e',
  vi: 'ờ',
}

/** Finds stutters ("W-what", "Th-that", "S-sorry"), to be spoken as the sound and not the letter's name. */
export function findStutters(text: string, code: string): PronunciationOverride[] {
  const vowel = vowels[code]
  if (code !== 'en' && vowel === undefined) return []
  if (!text.includes('-') && !text.includes('–')) return []
  const found: PronunciationOverride[] = []
  for (const { 1: lead = '', index } of text.matchAll(stutter)) {
    const rest = text.slice(index + lead.length, index + lead.length + 12)
    for (const { 0: letters, index: at } of lead.matchAll(/\p{L}+/gu)) {
      const lowerCased = letters.toLowerCase()
      if (/^[aeiouyàâáãäéèêíîóôõöúûüăơưđ]/i.test(lowerCased) && lowerCased !== 'y' && lowerCased !== 'đ')
        continue
      const [start, end] = [index + at, index + at + letters.length]
      if (vowel !== undefined) {
        if (!/[aeiou]$/.test(lowerCased))
          found.push({ start, end, words: letters + (code === 'es' && lowerCased === 'q' ? 'ue' : vowel) })
        continue
      }
      const own = lowerCased.length === 1 ? silent.find(([pattern]) => pattern.test(rest))?.[1] : undefined
      const sound =
        lowerCased === 'th' || (lowerCased === 't' && /^th/i.test(rest))
          ? voiced.test(rest)
            ? 'ð'
            : 'θ'
          : (own ?? english.get(lowerCased))
      if (sound !== undefined) found.push({ start, end, phonemes: `${sound}ə` })
    }
  }
  return found
}
