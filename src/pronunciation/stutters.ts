import type { PronunciationOverride } from '../novel/pronunciation-annotations.ts'

/** A word's first letters, once or more, with the word behind: "W-what", "Th-that", "d-d-don’t". */
const stutter = /(?<![\p{L}\p{M}\p{N}'’-])((?:(\p{L}{1,2})[-–…]\s?)+)(?=\2\p{L}*[\p{L}\p{M}'’])/giu

/** Sounds of consonants at the beginning of English words; two letters go before one. */
const english: ReadonlyMap<string, string> = new Map(
  (
    'b:b c:k d:d f:f g:ɡ h:h j:dʒ k:k l:l m:m n:n p:p q:k r:ɹ s:s t:t v:v w:w y:j z:z ch:tʃ sh:ʃ th:ð ph:f wh:w st:st sp:sp ' +
    'sk:sk sl:sl sm:sm sn:sn sw:sw bl:bl br:bɹ cl:kl cr:kɹ dr:dɹ fl:fl fr:fɹ gl:ɡl gr:ɡɹ pl:pl pr:pɹ tr:tɹ tw:tw qu:kw kn:n wr:ɹ'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
)
/** "th" of small words is voiced, that of others is not. */
const voiced = /^th(?:e|at|is|ese|ose|ey|em|en|ere|eir|ough|an|us|ou|ee|y)/i
/** "know" and "who" begin with the sound of another letter. */
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

/** What is put behind a consonant so that other languages' engines say its sound and not its name. */
const vowels: Readonly<Record<string, string>> = {
  fr: 'e',
  de: 'e',
  es: 'e',
  it: 'e',
  pt: 'e',
  nl: 'e',
  vi: 'ờ',
}

/** “W-what”, “Th-that”, “S-sorry” begin with the sound, not with the letter's name. */
export function findStutters(text: string, code: string): PronunciationOverride[] {
  const vowel = vowels[code]
  if (code !== 'en' && vowel === undefined) return []
  if (!text.includes('-') && !text.includes('–')) return []
  const found: PronunciationOverride[] = []
  for (const { 1: lead = '', index } of text.matchAll(stutter)) {
    const rest = text.slice(index + lead.length, index + lead.length + 12)
    for (const { 0: letters, index: at } of lead.matchAll(/\p{L}+/gu)) {
      const low = letters.toLowerCase()
      if (/^[aeiouyàâáãäéèêíîóôõöúûüăơưđ]/i.test(low) && low !== 'y' && low !== 'đ') continue
      const [start, end] = [index + at, index + at + letters.length]
      if (vowel !== undefined) {
        if (!/[aeiou]$/.test(low))
          found.push({ start, end, words: letters + (code === 'es' && low === 'q' ? 'ue' : vowel) })
        continue
      }
      const own = low.length === 1 ? silent.find(([pattern]) => pattern.test(rest))?.[1] : undefined
      const sound =
        low === 'th' || (low === 't' && /^th/i.test(rest))
          ? voiced.test(rest)
            ? 'ð'
            : 'θ'
          : (own ?? english.get(low))
      if (sound !== undefined) found.push({ start, end, phonemes: `${sound}ə` })
    }
  }
  return found
}
