import { expect, test } from 'vitest'
import type * as folding from './folding.ts'
import { findFolded, foldQuery } from './folding.ts'

/** What of a text is found for a query. */
function found(text: string, query: string): string[] {
  const folded = foldQuery(query)
  if (!folded) return []
  const hits: string[] = []
  for (let from = 0; ;) {
    const match = findFolded(text, folded, from, text.length)
    if (!match) return hits
    hits.push(text.slice(match.start, match.end))
    from = match.end
  }
}

test.for([
  ['case', 'He SAID: said.', 'said', ['SAID', 'said']],
  ['accents', 'Crème brûlée at the café', 'creme brulee', ['Crème brûlée']],
  ['accents in the query alone', 'a cafe', 'café', ['cafe']],
  ['Vietnamese, with đ', 'Đường về nhà, đương nhiên', 'duong', ['Đường', 'đương']],
  ['a combining accent, which belongs to its letter', 'cafe\u0301 noir', 'cafe', ['cafe\u0301']],
  ['quotes', '“Don’t!” «Non»', `"don't!"`, ['“Don’t!”']],
  ['dashes', 'well–known, well—known', 'well-known', ['well–known', 'well—known']],
  ['white space', 'two\nlines and two\u00a0lines', 'two  lines', ['two\nlines', 'two\u00a0lines']],
  ['one letter for two', 'Straße STRASSE Œuvre', 'strasse', ['Straße', 'STRASSE']],
  ['two letters for one', 'Œuvre', 'oeuvre', ['Œuvre']],
  ['an ellipsis', 'Well… no', 'well...', ['Well…']],
  ['a ligature', 'the ﬁrst', 'first', ['ﬁrst']],
  ['a soft hyphen', 'lamp\u00adlight', 'lamplight', ['lamp\u00adlight']],
  ['CJK by characters', '他走了。她也走了。', '走了', ['走了', '走了']],
  ['full width', 'ＡＢＣ　１２３', 'abc 123', ['ＡＢＣ　１２３']],
  ['kana with their marks', 'がか', 'か', ['か']],
  ['Hangul by syllables', '한국어', '국', ['국']],
  ['Greek, with its last sigma', 'Ο λόγος', 'λογοσ', ['λόγος']],
  ['Cyrillic', 'Ёлка и йод', 'елка', ['Ёлка']],
  ['й is a letter', 'йод', 'иод', []],
  ['Arabic without its points', 'كَتَبَ', 'كتب', ['كَتَبَ']],
  ['Hindi vowels are letters', 'कि का', 'का', ['का']],
  ['what overlaps is found once', 'anananan', 'anan', ['anan', 'anan']],
  ['nothing', 'abc', 'abcd', []],
  ['what is no query', 'abc', ' \u0301 ', []],
] as const)('%s', ([, text, query, hits]) => {
  expect(found(text, query)).toEqual(hits)
})

test('what stands in private use, or in no alphabet, is no expansion and breaks nothing', () => {
  for (let unit = 0; unit < 0x10000; unit++) {
    const text = String.fromCharCode(unit)
    const query = foldQuery(text)
    if (query) expect(findFolded(`x${text}`, query, 1, 2), unit.toString(16)).toEqual({ start: 1, end: 2 })
  }
})

test('a hit may begin in one stride and end in the next', () => {
  const query = foldQuery('abc')!
  expect(findFolded('xxabc', query, 0, 3)).toEqual({ start: 2, end: 5 })
  expect(findFolded('xxabc', query, 0, 2)).toBeUndefined()
})

test('the first search folds the letters that it meets, not all that there are', async () => {
  // As in a process that has searched nothing before: another address is another module.
  const fresh = new URL('folding.ts?fresh', import.meta.url)
  const { findFolded: find, foldQuery: fold, foldedUnits } = (await import(fresh.href)) as typeof folding
  const text = '“Don’t,” he said — 灯.'
  find(text, fold('zebra')!, 0, text.length)
  const first = foldedUnits()
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThanOrEqual(4 * 256)
  find(`${text} Ёлка`, fold('елка')!, 0, text.length + 5)
  expect(foldedUnits() - first).toBeLessThanOrEqual(256)
})
