import type {
  LexiconEntryView,
  LexiconView,
  WantedEntryBody,
} from '../../src/http/contract/lexicon-contract.ts'
import type { Scope } from './lexicon-queries.ts'

/** An entry that is being written; with an id it takes the place of that one. */
export interface Draft {
  readonly id?: string
  readonly written: string
  readonly kind: 'words' | 'ipa'
  readonly said: string
  readonly caseSensitive: boolean
  readonly stem: boolean
  readonly language?: string | undefined
  /** In which it is heard. */
  readonly sentence?: string
}

export const emptyDraft: Draft = { written: '', kind: 'words', said: '', caseSensitive: false, stem: true }

/** An entry as it is changed in the form. */
export function draftOf({ id, written, words, ipa, caseSensitive, stem, language }: LexiconEntryView): Draft {
  const kind = words === undefined ? ('ipa' as const) : ('words' as const)
  return { id, written, kind, said: words ?? ipa ?? '', caseSensitive, stem, language }
}

/** An entry as the server is asked about it. */
export function entryOf({ written, kind, said, caseSensitive, stem, language }: Draft): WantedEntryBody {
  return { written: written.trim(), [kind]: said.trim(), caseSensitive, stem, ...(language && { language }) }
}

/** By which entry a word is said, and in which scope that stands: the narrower goes before. */
export function entryFor(
  { scopes }: LexiconView,
  word: string,
): { readonly scope: Scope; readonly entry: LexiconEntryView } | undefined {
  const order: readonly Scope[] = ['novel', 'series', 'all']
  for (const scope of order) {
    const entries = scopes.find((each) => each.scope === scope)?.entries ?? []
    const entry = entries.find(
      ({ written, caseSensitive, off }) =>
        off !== true && (caseSensitive ? written === word : written.toLowerCase() === word.toLowerCase()),
    )
    if (entry) return { scope, entry }
  }
  return undefined
}
