const alike: readonly (readonly [RegExp, string])[] = [
  [/ː|ˌ|[_.]|\u0303|\u0329/gu, ''],
  [/ɚ|ɜɹ?/gu, 'əɹ'],
  [/ɾ/gu, 't'],
  [/[ᵻ]/gu, 'ɪ'],
  [/[ɐʌ]/gu, 'ə'],
  [/[ɑɒ]/gu, 'ɔ'],
  [/r/gu, 'ɹ'],
  [/ɫ/gu, 'l'],
]
const vowel = /[aeiouæøœɐ-ɘəɚɛɜɨɪɔɯʉʊʌʏ]/u
const vowelForVowel = 0.5
const stressElsewhere = 0.5

/**
 * How differently two pronunciations in IPA sound, in sounds per sound: 0 the same, 1 nothing in common. Vowels differ
 * less than consonants, as accents do.
 */
export function soundDistance(left: string, right: string): number {
  const [one, other] = [left, right].map(plain) as [string, string]
  const [a, b] = [one, other].map((text) => Array.from(text.replaceAll('ˈ', ''))) as [string[], string[]]
  if (a.length === 0 || b.length === 0) return a.length === b.length ? 0 : 1
  let row = b.map((_, at) => at + 1)
  for (const [i, sound] of a.entries()) {
    let corner = i
    let before = i + 1
    row = row.map((above, j) => {
      const across = b[j]!
      const swapped = sound === across ? 0 : vowel.test(sound) && vowel.test(across) ? vowelForVowel : 1
      const best = Math.min(corner + swapped, above + 1, before + 1)
      corner = above
      before = best
      return best
    })
  }
  const shift = stressedVowel(one) === stressedVowel(other) ? 0 : stressElsewhere
  return Math.min(1, (row.at(-1)! + shift) / Math.max(a.length, b.length))
}

function plain(ipa: string): string {
  return alike.reduce((text, [pattern, sound]) => text.replaceAll(pattern, sound), ipa.replaceAll(' ', ''))
}

/** Which of the vowels has the stress. */
function stressedVowel(ipa: string): number {
  const before = ipa.slice(0, Math.max(0, ipa.indexOf('ˈ')))
  return before.match(new RegExp(`${vowel.source}+`, 'gu'))?.length ?? 0
}
