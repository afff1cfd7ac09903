/** Characters that are typed or set where IPA has one of its own. */
const sameSounds: readonly (readonly [RegExp, string])[] = [
  [/['’‘ʹ]/gu, 'ˈ'],
  [/[,ˏ‚]/gu, 'ˌ'],
  [/:/gu, 'ː'],
  [/g/gu, 'ɡ'],
  // Ties between the two halves of an affricate or diphthong.
  [/[\u035c\u0361]/gu, ''],
  [/[‿|‖-]/gu, ''],
  [/ʦ/gu, 'ts'],
  [/ʣ/gu, 'dz'],
  [/ʧ/gu, 'tʃ'],
  [/ʤ/gu, 'dʒ'],
  [/ɝ/gu, 'ɜː'],
  [/\s+/gu, ' '],
]

/** The letters, marks and tone letters of IPA (2020), with blanks between words. */
const ipa = /^(?:[a-zæçðøħŋœβθχⱱᵻᵊᵿⁿ.↗↘↑↓ꜛꜜ ]|[\u0250-\u02af]|[\u02b0-\u02ff]|\p{Mn})+$/u
const aSound = /[\p{Ll}\p{Lo}]/u

/**
 * IPA in one notation: with the length and stress marks of its own, without brackets and ties; NFC, so that ç is one
 * character. `undefined` if something in it is no IPA, or there is no sound in it.
 */
export function normalIpa(written: string): string | undefined {
  const bare = written
    .normalize('NFC')
    .trim()
    .replace(/^(?:\/(.*)\/|\[(.*)\])$/su, '$1$2')
  const plain = sameSounds.reduce((text, [pattern, sound]) => text.replaceAll(pattern, sound), bare).trim()
  return aSound.test(plain) && ipa.test(plain) ? plain : undefined
}
