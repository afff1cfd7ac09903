import { fromTypedIpa } from '../../novel/typed-ipa.ts'

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
  const plain = fromTypedIpa(bare)
    .replaceAll(/[‿|‖-]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
  return aSound.test(plain) && ipa.test(plain) ? plain : undefined
}
