import { expect, test } from 'vitest'
import { readPls } from '../../importer/pls/pls-reader.ts'
import { plsDocument } from './pls-document.ts'
import type { LexiconEntry } from '../../novel/lexicon-entry.ts'

/** Reproducible pseudo-random numbers in [0, 1) (Park and Miller, 1988). */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

const letters = Array.from('aBcÉßđờ林木ΩЖ&<>"\'’-.]0 ')
const sounds = Array.from('abdeɡɛɪʊəɹʃʒθðŋˈˌːæɑɔʌjw')

test.each([1, 2, 3, 4, 5])('seed %i: any lexicon is read as it was written', (seed) => {
  const random = seededRandom(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const text = (from: readonly string[]): string =>
    Array.from({ length: 1 + Math.floor(random() * 20) }, () => pick(from))
      .join('')
      .replaceAll(/ +/g, ' ')
      .trim()
  const entries = new Map<string, LexiconEntry>()
  while (entries.size < 200) {
    const written = text(letters)
    const ipa = text(sounds)
    const words = text(letters)
    if (written === '' || words === '' || !/[a-z]/.test(ipa)) continue
    const language = pick(['en', 'vi', 'fr', undefined])
    // One word of a language once, whatever its case.
    entries.set(`${written.toLowerCase()} ${language}`, {
      written,
      ...(random() < 0.5 ? { ipa } : { words }),
      ...(language && { language }),
      caseSensitive: random() < 0.5,
      stem: random() < 0.5,
    })
  }
  const wanted = [...entries.values()]
  const read = readPls(new TextEncoder().encode(plsDocument(wanted, 'en')))
  expect(read).toEqual({ entries: wanted, refused: [] })
})

test('the document is as the standard has it', () => {
  const entry = { written: 'Darcy', ipa: 'ˈdɑːsi', language: 'en', caseSensitive: true, stem: false }
  expect(plsDocument([entry], 'en')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" xmlns:nightjar="urn:nightjar:pronunciation" alphabet="ipa" xml:lang="en">
<lexeme><grapheme>Darcy</grapheme><phoneme>ˈdɑːsi</phoneme></lexeme>
</lexicon>
`)
})
