import { expect, test } from 'vitest'
import type { LexiconEntryView, LexiconView } from '../../src/http/contract/lexicon-contract.ts'
import { draftOf, entryFor, entryOf } from './entry-draft.ts'

const entry = (id: string, written: string, more: Partial<LexiconEntryView> = {}): LexiconEntryView => ({
  id,
  written,
  words: `${written} as ${id}`,
  caseSensitive: false,
  stem: true,
  ...more,
})
const scope = (name: 'novel' | 'series' | 'all', ...entries: LexiconEntryView[]) => ({
  scope: name,
  entries,
  undo: false,
  redo: false,
})
const lexicon = (...scopes: LexiconView['scopes']): LexiconView => ({ state: 'applied', waiting: 0, scopes })

test('a word is said by the entry of the narrowest scope, whatever its capitals unless they matter', () => {
  const all = lexicon(
    scope('all', entry('all', 'Darcy'), entry('strict', 'Bath', { caseSensitive: true })),
    scope('novel', entry('own', 'DARCY')),
  )
  expect(entryFor(all, 'darcy')).toMatchObject({ scope: 'novel', entry: { id: 'own' } })
  expect(entryFor(all, 'Bath')).toMatchObject({ scope: 'all', entry: { id: 'strict' } })
  expect(entryFor(all, 'bath')).toBeUndefined()
})

test('an entry is the same after it was in the form', () => {
  for (const each of [
    entry('a', 'Hoa'),
    entry('b', 'Quỳnh', { words: undefined, ipa: 'kwiɲ', language: 'vi' }),
  ]) {
    const { id: _, ...fields } = each
    expect(entryOf(draftOf(each))).toEqual(JSON.parse(JSON.stringify(fields)))
  }
})
