import { readFileSync } from 'node:fs'
import type { PronunciationOverride } from '../novel/pronunciation-annotations.ts'

/** Pronunciation of one word: phonemes (English IPA) or a respelling. */
type Entry = Pick<PronunciationOverride, 'phonemes' | 'words'>

interface Entries {
  readonly words: Map<string, Entry>
  /** Lower-case forms of all words. */
  readonly small: Set<string>
}

const isJoined = /['’-]/
const word = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*/gu

/**
 * Pronunciations of words, by language. A line is `language TAB word TAB how`, where `how` is IPA between slashes
 * (English only) or a respelling: `en	Defarge	/dəfˈɑːɹʒ/`, `fr	Gwplaine	Gouinplaine`. A lower-case word matches any
 * case, one with a capital only itself. Later lines override earlier ones; empty lines, comments (#) and incomplete
 * lines are ignored.
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
    const entries: Entries = this.#entries.get(language) ?? { words: new Map(), small: new Set() }
    this.#entries.set(language, entries)
    const plain = written.normalize('NFC').replaceAll("'", '’')
    entries.words.set(plain, phonemes === undefined ? { words: how } : { phonemes })
    entries.small.add(plain.toLowerCase())
  }

  /** The words of a language, in lower case; for compounds with a hyphen or apostrophe their longest part. */
  *wordsOf(code: string): Generator<string> {
    for (const written of this.#entries.get(code)?.small ?? []) {
      const parts = written.split(/[-’]/)
      yield parts.toSorted((a, b) => b.length - a.length)[0] ?? ''
    }
  }

  overridesIn(text: string, code: string): PronunciationOverride[] {
    const entries = this.#entries.get(code)
    if (!entries) return []
    const found: PronunciationOverride[] = []
    for (const { 0: written, index } of text.matchAll(word)) {
      if (!isJoined.test(written) && !entries.small.has(written.toLowerCase())) continue
      const whole = this.#overrideFor(entries.words, written, index, code)
      if (whole) found.push(whole)
      else if (written.includes('-'))
        for (const part of written.matchAll(/[^-]+/g)) {
          const override = this.#overrideFor(entries.words, part[0], index + part.index, code)
          if (override) found.push(override)
        }
    }
    return found
  }

  #overrideFor(
    entries: ReadonlyMap<string, Entry>,
    written: string,
    start: number,
    code: string,
  ): PronunciationOverride | undefined {
    const end = start + written.length
    const entry = entryOf(entries, written)
    if (entry) return { start, end, ...entry }
    const owner = code === 'en' ? /^(.+)['’]s$/i.exec(written)?.[1] : undefined
    const owned = owner === undefined ? undefined : entryOf(entries, owner)
    if (owner === undefined || !owned) return undefined
    if (owned.phonemes === undefined) return { start, end: start + owner.length, ...owned }
    return { start, end, phonemes: possessive(owned.phonemes) }
  }
}

/** Looks up the word as written, in lower case, or as a name in a heading of capitals. */
function entryOf(entries: ReadonlyMap<string, Entry>, written: string): Entry | undefined {
  const plain = written.replaceAll("'", '’')
  return entries.get(plain) ?? entries.get(plain.toLowerCase()) ?? entries.get(titleCase(plain))
}

/** "DEFARGE" in a heading is "Defarge". */
function titleCase(written: string): string {
  return written === written.toUpperCase() ? written.charAt(0) + written.slice(1).toLowerCase() : written
}

/** Adds the phonemes of the possessive "’s". */
function possessive(phonemes: string): string {
  if (/(?:[szʃʒ])$/u.test(phonemes)) return `${phonemes}ɪz`
  return /[ptkfθ]$/u.test(phonemes) ? `${phonemes}s` : `${phonemes}z`
}

const shipped = new URL('words-en.tsv', import.meta.url)
let shippedText: string | undefined

/** The lexicon shipped with Nightjar, extended by the user's own file if it exists. */
export function readLexicon(path?: string): Lexicon {
  shippedText ??= readFileSync(shipped, 'utf8')
  return path === undefined ? new Lexicon(shippedText) : new Lexicon(shippedText, textOf(path))
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
