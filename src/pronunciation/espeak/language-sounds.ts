import { consonantNames, toneNames, vowelNames } from './espeak-phoneme-names.ts'
import { approximations } from './ipa-approximations.ts'

/** A sound that a voice of the library has. */
interface Sound {
  /** The library's name of its phoneme. */
  readonly name: string
  readonly isVowel: boolean
}

/** Tones as their contours are written in IPA, by the library's name, for its voices whose languages have them. */
const toneContours: Readonly<Record<string, string>> = {
  cmn: '˥˥:55 ˥:55 ˧˥:35 ˨˩˦:214 ˨˩˨:214 ˨˩:214 ˥˩:51',
  yue: '˥˥:1 ˥:1 ˧˥:2 ˧˧:3 ˧:3 ˨˩:4 ˩:4 ˩˧:5 ˨˧:5 ˨˨:6 ˨:6',
  vi: '˧˧:1 ˧:1 ˨˩:2 ˧˨:2 ˧˥:3 ˧˩˧:4 ˧˩˨:4 ˧˩:4 ˦˥:5 ˨˨:7 ˨:7',
}

/**
 * The sounds of one of the library's voices, by IPA. They are found by asking the library how it writes each of its
 * phonemes, so that it holds for all its languages; this takes 10 to 60 ms.
 */
export class LanguageSounds {
  readonly #sounds = new Map<string, Sound>()
  readonly #tones = new Map<string, string>()
  readonly #longest: number
  /** Whether consonants can be long. */
  readonly #hasLong: boolean

  /** `code`: of the voice. `write`: phonemes, by the library's names, in IPA with `_` between them. */
  constructor(code: string, write: (names: string) => string) {
    const unitsOf = (names: string): string[] =>
      write(names)
        .normalize('NFD')
        .split('_')
        .filter((unit) => unit !== '')
    for (const name of vowelNames) {
      const [first, second, ...more] = unitsOf(`p'${name}`)
      if (first === 'p' && more.length === 0) this.#add(second, { name, isVowel: true })
    }
    // Not at an end, where some languages have no voiced ones.
    for (const name of consonantNames) {
      const [first, second, ...more] = unitsOf(`${name}'i`)
      if (second === 'ˈi' && more.length === 0) this.#add(first, { name, isVowel: false })
    }
    this.#hasLong = unitsOf("k|:|'i")[0] === 'kː'
    if (Object.hasOwn(toneContours, code)) this.#addTones(toneContours[code]!, unitsOf)
    this.#longest = Math.max(
      ...[...this.#sounds.keys(), ...approximations.keys()].map(({ length }) => length),
    )
  }

  #add(written: string | undefined, sound: Sound): void {
    const ipa = written?.replaceAll(/[ˈˌ]/gu, '') ?? ''
    const known = this.#sounds.get(ipa)
    // Where several are written alike, the one that is named so is the usual one.
    if (ipa !== '' && (!known || (known.name !== ipa && isPlainer(sound.name, known.name, ipa))))
      this.#sounds.set(ipa, sound)
  }

  #addTones(contours: string, unitsOf: (names: string) => string[]): void {
    const plain = 'ˈi'
    for (const name of toneNames) {
      const [, toned = ''] = unitsOf(`p'i|${name}`)
      const written = toned.slice(plain.length)
      if (!toned.startsWith(plain) || written === '') continue
      if (!this.#tones.has(written)) this.#tones.set(written, name)
      this.#tones.set(name, name)
    }
    for (const pair of contours.split(' ')) {
      const [written = '', name = ''] = pair.split(':')
      this.#tones.set(written, name)
    }
    // The library has vowels whose names look like another one with a tone.
    for (const ipa of this.#sounds.keys())
      for (const tone of this.#tones.keys())
        if (ipa.endsWith(tone) && this.#sounds.has(ipa.slice(0, -tone.length))) this.#sounds.delete(ipa)
  }

  /**
   * IPA in the library's names, each sound that the language has not by the nearest that it has. `undefined`: nothing of
   * it can be said.
   */
  namesOf(ipa: string): string | undefined {
    const words = ipa
      .normalize('NFD')
      .split(' ')
      .map((word) => this.#wordOf(word))
      .filter((word) => word !== '')
    return words.length === 0 ? undefined : words.join(' ')
  }

  #wordOf(ipa: string): string {
    const names: string[] = []
    let stress = ''
    let hasVowel = false
    let endsInConsonant = false
    for (let at = 0; at < ipa.length;) {
      const tone = hasVowel ? this.#toneAt(ipa, at) : undefined
      if (tone !== undefined) {
        names.push(this.#tones.get(tone)!)
        at += tone.length
        continue
      }
      if (ipa[at] === 'ˈ' || ipa[at] === 'ˌ') stress = ipa[at++] === 'ˈ' ? "'" : ','
      const { sounds, length } = this.#soundsAt(ipa, at)
      if (ipa[at] === 'ː' && this.#hasLong && endsInConsonant) names.push(':')
      for (const { name, isVowel } of sounds) {
        // The library wants the stress before the vowel, people write it before the syllable.
        names.push(isVowel ? stress + name : name)
        endsInConsonant = !isVowel
        if (!isVowel) continue
        stress = ''
        hasVowel = true
      }
      at += length
    }
    // Without it two names might be read as one.
    return names.join('|')
  }

  #toneAt(ipa: string, at: number): string | undefined {
    for (let length = 3; length > 0; length--) {
      const written = ipa.slice(at, at + length)
      if (this.#tones.has(written)) return written
    }
    return undefined
  }

  /** The longest sound that is known here, or what stands in for it; what changes a sound only a little has none. */
  #soundsAt(ipa: string, at: number): { readonly sounds: readonly Sound[]; readonly length: number } {
    for (let end = Math.min(ipa.length, at + this.#longest); end > at; end--) {
      const written = ipa.slice(at, end)
      const own = this.#sounds.get(written)
      if (own) return { sounds: [own], length: end - at }
      for (const parts of approximations.get(written) ?? []) {
        const sounds = parts.flatMap((part) => this.#sounds.get(part) ?? [])
        if (sounds.length === parts.length) return { sounds, length: end - at }
      }
    }
    return { sounds: [], length: 1 }
  }
}

function isPlainer(name: string, other: string, ipa: string): boolean {
  return name === ipa || name.length < other.length
}
