import { expect, test } from 'vitest'
import { type PlsLexicon, readPls } from './pls-reader.ts'

const xmlns = 'xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"'

function read(
  body: string,
  attributes = 'alphabet="ipa" xml:lang="en-GB"',
  prolog = '',
): PlsLexicon | undefined {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>${prolog}<lexicon version="1.0" ${xmlns} ${attributes}>${body}</lexicon>`
  return readPls(new TextEncoder().encode(xml))
}

test('words of a lexicon have sounds or other words, each of their spellings by itself', () => {
  const lexicon = read(`
    <metadata/><meta name="x" content="y"/>
    <lexeme><grapheme>Bolkonski</grapheme><grapheme>Bolkonsky</grapheme><phoneme>bɒlˈkɒnski</phoneme></lexeme>
    <lexeme xml:lang="fr"><grapheme> thé
      vert </grapheme><alias>tea of green leaves</alias></lexeme>
    <lexeme xml:lang="und"><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>`)
  const ipa = 'bɒlˈkɒnski'
  expect(lexicon).toEqual({
    entries: [
      { written: 'Bolkonski', ipa, language: 'en', caseSensitive: true, stem: false },
      { written: 'Bolkonsky', ipa, language: 'en', caseSensitive: true, stem: false },
      {
        written: 'thé vert',
        words: 'tea of green leaves',
        language: 'fr',
        caseSensitive: false,
        stem: false,
      },
      { written: 'W3C', words: 'World Wide Web Consortium', caseSensitive: true, stem: false },
    ],
    refused: [],
  })
})

test('of several pronunciations the preferred one is taken, else the first, and the others are named', () => {
  const ways = (first: string, second: string) =>
    read(
      `<lexeme><grapheme>tomato</grapheme><phoneme ${first}>təˈmɑːtoʊ</phoneme><alias ${second}>red one</alias></lexeme>`,
    )
  expect(ways('', '')?.entries[0]).toMatchObject({ ipa: 'təˈmɑːtoʊ' })
  const preferred = ways('', 'prefer="true"')
  expect(preferred?.entries[0]).toMatchObject({ words: 'red one' })
  expect(preferred?.refused).toEqual([
    { written: 'tomato', reason: 'further-pronunciation', detail: 'təˈmɑːtoʊ' },
  ])
})

test('what cannot be taken is refused one by one, with its reason', () => {
  const lexicon = read(
    `<lexeme><grapheme>one</grapheme><phoneme alphabet="x-arpabet">W AH1 N</phoneme></lexeme>
     <lexeme><grapheme>two</grapheme><phoneme>12 ?</phoneme></lexeme>
     <lexeme><phoneme>tuː</phoneme></lexeme>
     <lexeme><grapheme>three</grapheme></lexeme>
     <lexeme><grapheme>four</grapheme><alias>${'a'.repeat(201)}</alias></lexeme>
     <lexeme role="claws:VVI"><grapheme>read</grapheme><phoneme>ɹiːd</phoneme></lexeme>
     <lexeme><grapheme>five</grapheme><alias>six</alias></lexeme>
     <lexeme><grapheme>Five</grapheme><alias>exactly</alias></lexeme>
     <lexeme><grapheme>five</grapheme><alias>seven</alias></lexeme>`,
    'alphabet="ipa"',
  )
  expect(lexicon?.entries.map(({ written, words }) => [written, words])).toEqual([
    ['five', 'six'],
    ['Five', 'exactly'],
  ])
  expect(lexicon?.refused).toEqual([
    { written: 'one', reason: 'alphabet', detail: 'x-arpabet' },
    { written: 'two', reason: 'ipa', detail: '12 ?' },
    { written: '', reason: 'no-grapheme' },
    { written: 'three', reason: 'no-pronunciation' },
    { written: 'four', reason: 'too-long' },
    { written: 'read', reason: 'role', detail: 'claws:VVI' },
    { written: 'five', reason: 'repeated' },
  ])
})

test('entities of a document are expanded by nobody, neither nested nor from elsewhere', () => {
  const bomb = Array.from({ length: 60 }, (_, at) => `<!ENTITY b${at + 1} "${`&b${at};`.repeat(10)}">`).join(
    '',
  )
  const prolog = `<!DOCTYPE lexicon [<!ENTITY b0 "ha">${bomb}<!ENTITY file SYSTEM "file:///etc/passwd">]>`
  const lexicon = read(
    `<lexeme><grapheme>boom</grapheme><alias>&b60;</alias></lexeme>
     <lexeme><grapheme>&file;</grapheme><alias>words</alias></lexeme>
     <lexeme><grapheme>caf&eacute;</grapheme><alias>Q &amp; A</alias></lexeme>`,
    'alphabet="ipa"',
    prolog,
  )
  expect(lexicon?.refused.map(({ reason }) => reason)).toEqual(['entity', 'entity'])
  expect(lexicon?.entries).toMatchObject([{ written: 'café', words: 'Q & A' }])
})

test('other documents are no lexicon, and broken ones are read as far as they go', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  for (const text of ['', '{}', '<html><body/></html>', '\u0000\u0001'])
    expect(readPls(bytes(text))).toBeUndefined()
  expect(readPls(bytes('<lexicon><lexeme><grapheme>a</grapheme><alias>b</al'))?.entries).toHaveLength(1)
  expect(() => readPls(bytes(`<lexicon>${'<a>'.repeat(5000)}`))).toThrow('nest')
})
