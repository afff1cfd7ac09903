import { normalIpa } from './ipa-notation.ts'
import { ipaOfXSampa } from './x-sampa.ts'

/** Whether phonemes in this alphabet can be read. */
export function isKnownAlphabet(alphabet: string): boolean {
  return /^(?:ipa|x-sampa)$/i.test(alphabet.trim())
}

/** The IPA of phonemes in an alphabet of PLS and SSML; `undefined` if they cannot be read. */
export function ipaIn(alphabet: string | undefined, phonemes: string): string | undefined {
  const name = (alphabet ?? 'ipa').trim().toLowerCase()
  if (name === 'ipa') return normalIpa(phonemes)
  return name === 'x-sampa' ? ipaOfXSampa(phonemes) : undefined
}
