import { expect, test } from 'vitest'
import { castSegments, type SpokenLine } from '../cast/cast-segments.ts'
import type { BookLexicon, LexiconEntry } from '../novel/lexicon-entry.ts'
import type { Block } from '../novel/novel.ts'
import { annotate, parsePronunciations, stripAnnotations } from '../novel/pronunciation-annotations.ts'
import { type Segment, sourceRange } from '../novel/segment.ts'
import { readLexicon } from '../pronunciation/lexicon.ts'
import { pronounceChapter } from '../pronunciation/pronounce.ts'
import { segmentChapter } from '../segmenter/segmenter.ts'
import { randomFrom } from '../../test/fixtures/random-book.ts'
import { LexiconApplication, plainSegments } from './lexicon-segments.ts'

type Given = Partial<LexiconEntry> & Pick<LexiconEntry, 'written'>

const entry = (given: Given): LexiconEntry => ({ caseSensitive: false, stem: true, ...given })

const chapter = (texts: readonly string[], language = 'en') => {
  const blocks: Block[] = texts.map((text) => ({ kind: 'paragraph', text }))
  const found = segmentChapter({ blocks, skips: [] }, language)
  return { blocks, segments: pronounceChapter(found, language, readLexicon()).segments }
}

const applyLexicon = (lexicon: BookLexicon, blocks: readonly Block[], segments: readonly Segment[]) =>
  new LexiconApplication(lexicon).apply(blocks, segments)

/** What is said of a text, by lists of entries from the narrowest scope. */
function said(text: string, scopes: readonly (readonly Given[])[], language = 'en'): string {
  const { blocks, segments } = chapter([text], language)
  const lexicon = { language, scopes: scopes.map((entries) => entries.map(entry)) }
  return applyLexicon(lexicon, blocks, segments)
    .map(({ spoken }) => spoken)
    .join(' ')
}

test.for<readonly [string, Given, string, string?]>([
  ['Porthos came.', { written: 'Porthos', words: 'Portoss' }, 'Portoss came.'],
  ['PORTHOS came.', { written: 'Porthos', words: 'Portoss' }, 'Portoss came.'],
  ['Porthos’s hat.', { written: 'Porthos', words: 'Portoss' }, 'Portoss’s hat.'],
  ["Porthos's hat.", { written: 'Porthos', words: 'Portoss' }, "Portoss's hat."],
  ['Porthos’s hat.', { written: 'Porthos', words: 'Portoss', stem: false }, 'Porthos’s hat.'],
  ['The Bennets came.', { written: 'Bennet', words: 'Bennett' }, 'The Bennetts came.'],
  ['He was us, not US.', { written: 'US', words: 'you ess', caseSensitive: true }, 'He was us, not you ess.'],
  ['O’Brien, Brien.', { written: 'Brien', words: 'Bryan' }, 'O’Brien, Bryan.'],
  ['Subportal and porthosis.', { written: 'Porthos', words: 'x' }, 'Subportal and porthosis.'],
  ['Jean-Paul Sartre.', { written: 'Jean', words: 'Zhon' }, 'Zhon-Paul Sartre.'],
  ['Old Dr. Who came.', { written: 'Dr. Who', words: 'the Doctor' }, 'Old the Doctor came.'],
  ['It was 1984 again.', { written: '1984', words: 'that year' }, 'It was that year again.'],
  ['Dans l’Atlas bleu.', { written: 'Atlas', words: 'Atlace' }, 'Dans l’Atlace bleu.', 'fr'],
  ['Nguyễn Du viết.', { written: 'Nguyễn Du', words: 'Nguyên Du' }, 'Nguyên Du viết.', 'vi'],
  ['他叫张飞。', { written: '张飞', words: '张非' }, '他叫张非。', 'zh'],
  ['Porthos came.', { written: 'Porthos', words: 'x', language: 'fr' }, 'Porthos came.'],
  ['Porthos came.', { written: 'porthos', words: 'x', caseSensitive: true }, 'Porthos came.'],
])('%s with %o is %s', ([text, given, expected, language]) => {
  expect(stripAnnotations(said(text, [[given]], language))).toBe(expected)
})

test('IPA is given to each word of a phrase, and to endings that can be told', () => {
  const given = { written: 'Jean Valjean', ipa: 'ʒˈɑn vˌælʒˈɑn' }
  for (const apostrophe of ['’', "'", '\u02bc'])
    expect(said(`Jean Valjean${apostrophe}s bread.`, [[given]]).replace("'", '’')).toBe(
      `${annotate('Jean', 'ʒˈɑn')} ${annotate('Valjean’s', 'vˌælʒˈɑnz')} bread.`,
    )
  expect(said('Der Felixen Hof.', [[{ written: 'Felix', ipa: 'fˈeːlɪks' }]], 'de')).toBe(
    `Der ${annotate('Felixen', 'fˈeːlɪksən')} Hof.`,
  )
  expect(said('Это Безухова.', [[{ written: 'Безухов', ipa: 'bʲɪzˈuxəf' }]], 'ru')).toBe('Это Безухова.')
})

test('the narrower scope goes before, then the longer phrase', () => {
  const [novel, all] = [
    [{ written: 'Anna', words: 'Ahna' }],
    [
      { written: 'Anna Kareninova', words: 'A K' },
      { written: 'Anna', words: 'Enna' },
    ],
  ]
  expect(said('Anna Kareninova and Anna.', [novel, all])).toBe('Ahna Kareninova and Ahna.')
  expect(said('Anna Kareninova and Anna.', [all])).toBe('A K and Enna.')
})

test('what the language’s own rules say otherwise gives way, and the word keeps its place', () => {
  const { blocks, segments } = chapter(['He read it on 3 May, Madame Defarge said.'])
  expect(segments[0]!.spoken).not.toBe(stripAnnotations(segments[0]!.spoken))
  const scopes = [
    [entry({ written: 'Defarge', words: 'Duh-farzh' }), entry({ written: 'read', words: 'red' })],
  ]
  const [after] = applyLexicon({ language: 'en', scopes }, blocks, segments)
  expect(parsePronunciations(after!.spoken).text).toMatch(/^He red it on .+, Madame Duh-farzh said\.$/)
  const at = after!.spoken.indexOf('Duh-farzh')
  const range = sourceRange(after!, at, at + 'Duh-farzh'.length)
  expect(blocks[0]!.text.slice(range.start, range.end)).toBe('Defarge')
})

const words = ['Anna', 'anna’s', 'Ben', 'Dr. Who', '$5.50', '1998', 'read', 'Defarge', '“Yes,”', 'said', 'it']
const ends = ['. ', '! ', ', ', ' ', ' ', '—', ' “', '” ']

test('taken back, a lexicon leaves nothing, and it is the same before and after a cast', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const random = randomFrom(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
    const text = () => Array.from({ length: 24 }, () => pick(words) + pick(ends)).join('')
    const { blocks, segments } = chapter([text(), text(), text()].map((one) => one.trim()))
    const entries = Array.from({ length: 6 }, () => {
      const how = random() < 0.5 ? { words: pick(['x', 'y z', 'Ben']) } : { ipa: 'bˈɛn' }
      return entry({ written: pick(words).replaceAll(/[“”,]/g, ''), ...how, stem: random() < 0.5 })
    })
    const lexicon = { language: 'en', scopes: [entries.slice(0, 2), entries.slice(2)] }
    const applied = applyLexicon(lexicon, blocks, segments)
    expect(JSON.stringify(plainSegments(applied))).toBe(JSON.stringify(segments))
    expect(JSON.stringify(applyLexicon(lexicon, blocks, applied))).toBe(JSON.stringify(applied))
    const lines = blocks.flatMap(({ text: { length } }, block): SpokenLine[] => {
      const [start, end] = [Math.floor(random() * length), Math.floor(random() * length)].toSorted(
        (a, b) => a - b,
      )
      return start === end ? [] : [{ block, start: start!, end: end!, role: 2 }]
    })
    const cast = (before: readonly Segment[]) => castSegments(plainSegments(before), lines).segments
    const both = applyLexicon(lexicon, blocks, cast(applied))
    expect(JSON.stringify(both)).toBe(JSON.stringify(applyLexicon(lexicon, blocks, cast(segments))))
    expect(JSON.stringify(castSegments(plainSegments(both), []).segments)).toBe(JSON.stringify(segments))
    for (const { start, end, spoken, edits, block } of both) {
      const source = blocks[block]!.text.slice(start, end)
      let [at, from] = [0, 0]
      for (const [a, b, c, d] of edits) {
        expect(source.slice(at, a)).toBe(spoken.slice(from, c))
        ;[at, from] = [b, d]
      }
      expect(source.slice(at)).toBe(spoken.slice(from))
    }
  }
})

/** Every match by trying each place and length: slow and plain. */
function slowMatches(text: string, written: readonly string[]): string[] {
  const isWord = (at: number): boolean => /[\p{L}\p{N}]/u.test(text[at] ?? ' ')
  const found: [number, number][] = []
  for (const word of new Set(written))
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
      if (!isWord(at - 1) && !isWord(at + word.length)) found.push([at, at + word.length])
  const taken: [number, number][] = []
  for (const one of found.toSorted(([a, b], [c, d]) => d - c - (b - a) || a - c))
    if (taken.every(([start, end]) => one[1] <= start || one[0] >= end)) taken.push(one)
  return taken.toSorted(([a], [b]) => a - b).map(([start, end]) => `${start}-${end}`)
}

test('it finds what a search for each phrase finds', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = randomFrom(seed)
    const phrase = (most: number) =>
      Array.from({ length: 1 + Math.floor(random() * most) }, () => 'abc'[Math.floor(random() * 3)]).join(
        random() < 0.5 ? ' ' : '',
      )
    const text = Array.from({ length: 40 }, () => phrase(3)).join(' ')
    const written = Array.from({ length: 8 }, () => phrase(4))
    const entries = written.map((one) => entry({ written: one, words: '#', stem: false }))
    const segment: Segment = {
      block: 0,
      start: 0,
      end: text.length,
      spoken: text,
      edits: [],
      pause: 'sentence',
    }
    const blocks: Block[] = [{ kind: 'paragraph', text }]
    const [after] = applyLexicon({ language: 'en', scopes: [entries] }, blocks, [segment])
    expect(after!.edits.map(([start, end]) => `${start}-${end}`)).toEqual(slowMatches(text, written))
  }
})
