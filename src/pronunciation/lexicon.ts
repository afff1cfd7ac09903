import { readFileSync } from 'node:fs'
import type { PronunciationOverride } from '../novel/pronunciation-annotations.ts'

/** How one word is said: phonemes (IPA of English) or other words. */
type Entry = Pick<PronunciationOverride, 'phonemes' | 'words'>

interface Entries {
  readonly words: Map<string, Entry>
  /** All of them in small letters. */
  readonly small: Set<string>
}

const isJoined = /['’-]/
const word = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*/gu

/**
 * Words and how they are said, by language. A line is `language TAB word TAB how`, where `how` is IPA between slashes
 * (English only) or a spelling that is read right: `en	Defarge	/dəfˈɑːɹʒ/`, `fr	Gwplaine	Gouinplaine`. A word in small
 * letters holds for any case, one with a capital for that alone. Later lines go before earlier ones; empty lines and
 * those that begin with # are passed over, as are lines that say nothing.
 */
export class Lexicon {
  readonly #entries = new Map<string, Entries>()

  constructor(...files: readonly string[]) {
    for (const file of files) for (const line of file.split(/\r?\n/)) this.#add(line)
  }

  #add(line: string): void {
    const [language = '', written = '', how = ''] = line.split('\t').map((field) => field.trim())
    if (line.startsWith('#') || written === '' || how === '') return
    const phonemes = /^\/(.+)\/$/.exec(how)?.[1]
    if (phonemes !== undefined && language !== 'en') return
    const known: Entries = this.#entries.get(language) ?? { words: new Map(), small: new Set() }
    this.#entries.set(language, known)
    const plain = written.normalize('NFC').replaceAll("'", '’')
    known.words.set(plain, phonemes === undefined ? { words: how } : { phonemes })
    known.small.add(plain.toLowerCase())
  }

  /** Its words in a language, in small letters; of those with a hyphen or apostrophe the longest part. */
  *wordsOf(code: string): Generator<string> {
    for (const written of this.#entries.get(code)?.small ?? []) {
      const parts = written.split(/[-’]/)
      yield parts.toSorted((a, b) => b.length - a.length)[0] ?? ''
    }
  }

  overridesIn(text: string, code: string): PronunciationOverride[] {
    const known = this.#entries.get(code)
    if (!known) return []
    const found: PronunciationOverride[] = []
    for (const { 0: written, index } of text.matchAll(word)) {
      if (!isJoined.test(written) && !known.small.has(written.toLowerCase())) continue
      const whole = this.#overrideFor(known.words, written, index, code)
      if (whole) found.push(whole)
      else if (written.includes('-'))
        for (const part of written.matchAll(/[^-]+/g)) {
          const saying = this.#overrideFor(known.words, part[0], index + part.index, code)
          if (saying) found.push(saying)
        }
    }
    return found
  }

  #overrideFor(
    known: ReadonlyMap<string, Entry>,
    written: string,
    start: number,
    code: string,
  ): PronunciationOverride | undefined {
    const end = start + written.length
    const entry = entryOf(known, written)
    if (entry) return { start, end, ...entry }
    const owner = code === 'en' ? /^(.+)['’]s$/i.exec(written)?.[1] : undefined
    const owned = owner === undefined ? undefined : entryOf(known, owner)
    if (owner === undefined || !owned) return undefined
    if (owned.phonemes === undefined) return { start, end: start + owner.length, ...owned }
    return { start, end, phonemes: possessive(owned.phonemes) }
  }
}

/** As it is written, in small letters, or as a name in a heading of capitals. */
function entryOf(known: ReadonlyMap<string, Entry>, written: string): Entry | undefined {
  const plain = written.replaceAll("'", '’')
  return known.get(plain) ?? known.get(plain.toLowerCase()) ?? known.get(titleCase(plain))
}

/** "DEFARGE" in a heading is "Defarge". */
function titleCase(written: string): string {
  return written === written.toUpperCase() ? written.charAt(0) + written.slice(1).toLowerCase() : written
}

/** With the ending of "Defarge’s". */
function possessive(phonemes: string): string {
  if (/(?:[szʃʒ])$/u.test(phonemes)) return `${phonemes}ɪz`
  return /[ptkfθ]$/u.test(phonemes) ? `${phonemes}s` : `${phonemes}z`
}

const shipped = new URL('words-en.tsv', import.meta.url)
let own: string | undefined

/** The words that ship with Nightjar, and those of a file of the reader's own, where there is one. */
export function readLexicon(path?: string): Lexicon {
  own ??= readFileSync(shipped, 'utf8')
  return path === undefined ? new Lexicon(own) : new Lexicon(own, textOf(path))
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
