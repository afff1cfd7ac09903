import { normalIpa } from './ipa-notation.ts'
import { ipaOfXSampa } from './x-sampa.ts'

/** The IPA of phonemes in an alphabet of PLS and SSML; `undefined` if they cannot be read. */
export function ipaIn(alphabet: string | undefined, phonemes: string): string | undefined {
  const name = (alphabet ?? 'ipa').trim().toLowerCase()
  if (name === 'ipa') return normalIpa(phonemes)
  return name === 'x-sampa' ? ipaOfXSampa(phonemes) : undefined
}
