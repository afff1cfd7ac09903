import { expect, test } from 'vitest'
import { parsePronunciations, stripAnnotations } from '../novel/pronunciation-annotations.ts'
import { sourceRange } from '../novel/segment.ts'
import { segmentChapter } from '../segmenter/segmenter.ts'
import { Lexicon, readLexicon } from './lexicon.ts'
import { pronounceChapter } from './pronounce.ts'

const texts: readonly (readonly [language: string, text: string])[] = [
  [
    'en',
    'He _read_ it on June 9, 1871 — “S-sorry,” she read. THE BOW OF THE SHIP! Shh… d-d-don’t close it[1].',
  ],
  ['en', '“Excuse me,” said Dr. Defarge; “I  read\u00a0No. 5 in the lead… Javert’s tears.” Hmm.'],
  ['fr', '« N-non ! » Mme Gwynplaine arriva à 9 h 15.  Hmm.'],
  ['vi', '“K-không!” Hừ… Hmm, 15 tuổi.'],
]

test('spoken text maps to the source word by word, and is plain without annotations', () => {
  const lexicon = new Lexicon('fr\tGwynplaine\tGouinplaine', 'en\tDefarge\t/dɛfˈɑːɹ/\nen\tJavert\t/ʒævˈɛɹ/')
  for (const [language, text] of texts) {
    const cut = segmentChapter({ blocks: [{ kind: 'paragraph', text }], skips: [] }, language)
    const { segments } = pronounceChapter(cut, language, lexicon)
    for (const segment of segments) {
      const { start, end, spoken, edits } = segment
      const source = text.slice(start, end)
      let [at, spokenAt] = [0, 0]
      for (const [from, to, spokenFrom, spokenTo] of [
        ...edits,
        [source.length, source.length, spoken.length, 0],
      ] as const) {
        expect(source.slice(at, from)).toBe(spoken.slice(spokenAt, spokenFrom))
        ;[at, spokenAt] = [to, spokenTo]
      }
      for (const { index, 0: word } of spoken.matchAll(/\S+/g)) {
        const range = sourceRange(segment, index, index + word.length)
        expect(range.end).toBeGreaterThan(range.start)
      }
      expect(stripAnnotations(spoken)).not.toMatch(/[\ufff9-\ufffb]/)
      const read = parsePronunciations(spoken)
      expect(read.text).toBe(stripAnnotations(spoken))
      for (const pronunciation of read.pronunciations) {
        const [from, to] = [
          read.toSpokenOffset(pronunciation.start, 'start'),
          read.toSpokenOffset(pronunciation.end, 'end'),
        ]
        expect(stripAnnotations(spoken.slice(from, to))).toBe(
          read.text.slice(pronunciation.start, pronunciation.end),
        )
        const range = sourceRange(segment, from, to)
        expect(text.slice(range.start, range.end).toLowerCase()).toBe(
          read.text.slice(pronunciation.start, pronunciation.end).toLowerCase(),
        )
      }
    }
    expect(segments.flatMap(({ spoken }) => parsePronunciations(spoken).pronunciations).length > 0).toBe(
      language === 'en',
    )
  }
})

test('annotation characters in a book are removed', () => {
  const text = 'He said \ufff9this\ufffathat\ufffb once.'
  const cut = segmentChapter({ blocks: [{ kind: 'paragraph', text }], skips: [] }, 'en')
  expect(cut.segments.map(({ spoken }) => spoken)).toEqual(['He said thisthat once.'])
})

test('200 kB of one word, stuttered or not, is pronounced in time that grows with its length', () => {
  for (const unit of ['read ', 'W-w', 'hmm ', 'close-', 'a', 'm', 'to use ']) {
    const text = unit.repeat(200_000 / unit.length)
    const cut = segmentChapter({ blocks: [{ kind: 'paragraph', text }], skips: [] }, 'en')
    expect(pronounceChapter(cut, 'en', readLexicon()).segments).toHaveLength(cut.segments.length)
  }
})

test('interjections are found anywhere, also those with a vowel', () => {
  const phonemesIn = (text: string): string[] => {
    const cut = segmentChapter({ blocks: [{ kind: 'paragraph', text }], skips: [] }, 'en')
    const { segments } = pronounceChapter(cut, 'en', readLexicon())
    return segments.flatMap(({ spoken }) =>
      parsePronunciations(spoken).pronunciations.map(({ phonemes }) => phonemes),
    )
  }
  expect(phonemesIn('Aaargh, he said.')).toEqual(['ˈɑːɹɡ'])
  expect(phonemesIn('Errr, well.')).toEqual(['ˈɜː'])
  expect(phonemesIn('Pfft.')).toEqual(['pfft'])
  expect(phonemesIn('That heart might rest.')).toEqual([])
})

test('the IPA of a list counts in its language, whichever that is', () => {
  const lexicon = new Lexicon('fr\tValjean\t/valʒˈɑ̃/')
  const cut = segmentChapter({ blocks: [{ kind: 'paragraph', text: 'Valjean vint.' }], skips: [] }, 'fr')
  const [segment] = pronounceChapter(cut, 'fr', lexicon).segments
  expect(parsePronunciations(segment?.spoken ?? '').pronunciations).toEqual([
    { start: 0, end: 7, phonemes: 'valʒˈɑ̃' },
  ])
})
