/** A word or phrase that is not said as it is written. Exactly one of `words` and `ipa` says how. */
export interface LexiconEntry {
  /** As the book writes it, NFC. */
  readonly written: string
  /** Other words that are said instead. */
  readonly words?: string
  /** IPA with stress; words of a phrase separated by blanks. */
  readonly ipa?: string
  /** Primary subtag of the texts that it holds for (`en`); left out: texts in every language. */
  readonly language?: string
  /** Whether capitals have to be those of `written`. */
  readonly caseSensitive: boolean
  /** Also with the endings of the language: possessive ’s, plural. */
  readonly stem: boolean
}

/** Whence an entry is, and whether it counts. */
export interface EntryOrigin {
  /** It came with the book: in its lexicon, or in its text, which is spoken so without the entry. */
  readonly fromBook?: 'lexicon' | 'text'
  /** Kept, but not used. */
  readonly off?: boolean
}

export interface StoredEntry extends LexiconEntry, EntryOrigin {
  /** UUID. */
  readonly id: string
}

/** What is to be said otherwise by entries. */
export function heldEntries(entries: readonly StoredEntry[]): LexiconEntry[] {
  return entries.flatMap((stored) => {
    const { id: _, fromBook, off = false, ...entry } = stored
    if (fromBook !== 'text') return off ? [] : [entry]
    if (!off) return []
    // The text is said so already: what takes that away is the word itself.
    const { ipa: __, written, ...rest } = entry
    return [{ ...rest, written, words: written }]
  })
}

/** From the narrowest to the widest: what the narrower says goes before. */
export const lexiconScopes = ['novel', 'series', 'all'] as const
export type LexiconScope = (typeof lexiconScopes)[number]

/** Characters of what is written and of how it is said; entries of one scope. */
export const lexiconLimits = { written: 100, said: 200, entries: 5000 } as const

/** What a book is said by. */
export interface BookLexicon {
  /** BCP 47, of the novel. */
  readonly language: string
  /** The entries that hold for it by scope, the narrowest first. */
  readonly scopes: readonly (readonly LexiconEntry[])[]
}

/** Two entries of a scope with the same key cannot both be there. */
export function entryKey({ written, language = '', caseSensitive }: LexiconEntry): string {
  return JSON.stringify([language, caseSensitive, caseSensitive ? written : written.toLowerCase()])
}
