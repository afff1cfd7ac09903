import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeEspeak, openEspeak } from './espeak.ts'
import { Phonemizer } from './phonemizer.ts'

let phonemizer: Phonemizer
beforeAll(async () => {
  phonemizer = new Phonemizer(await openEspeak(), 'en-us')
})
afterAll(closeEspeak)

function told(text: string): string[] {
  return phonemizer.words(text).map(({ start, end, phonemes }) => `${text.slice(start, end)} ${phonemes}`)
}

test('each word has its phonemes, with stress', () => {
  expect(told('“No,” she said, “the old gentleman!”')).toEqual([
    'No nˈoʊ',
    'she ʃiː',
    'said sˈɛd',
    'the ðɪ',
    'old ˈoʊld',
    'gentleman dʒˈɛntəlmən',
  ])
})

test('fused words share their phonemes, and the words after them keep theirs', () => {
  expect(told('one of a kind, in the end')).toEqual([
    'one wˈʌn',
    'of a əvə',
    'kind kˈaɪnd',
    'in the ɪnðɪ',
    'end ˈɛnd',
  ])
})

test('a number has all the phonemes of its words', () => {
  expect(told('in 1999 she left')).toEqual([
    'in ɪn',
    '1999 nˈaɪntiːnhˈʌndɹɪd nˈaɪnti nˈaɪn',
    'she ʃiː',
    'left lˈɛft',
  ])
})

test.each([
  'She opened the window, and the cold air of the evening came in.',
  '“You have no idea,” said the old gentleman, “how long I have waited for this letter.”',
  'In the beginning of 1812, 600,000 men crossed the Niemen; it was to be a war.',
  'Mr. Smith’s out-of-the-way house—a ruin--had been sold (for $5.50).',
])('alignment gives the same for "%s" as the events of synthesis', (text) => {
  expect(phonemizer.matchedWords(text)).toEqual(phonemizer.synthesizedWords(text))
})

test.each([
  ['cmn', '她打开窗户，看着街道。', 'thˈɑ5 tˈɑ2'],
  ['yue', '她打開窗戶，看着街道。', 'tˈaa1 dˈaa2'],
  ['vi', 'Cô mở cửa sổ và nhìn xuống con đường.', 'mˈəː4'],
])('words of %s have tones, as in “%s”', async (code, text, tones) => {
  const espeak = await openEspeak()
  const words = new Phonemizer(espeak, code).words(text)
  const whole = espeak.phonemes(text, code).replaceAll('_', '').replaceAll(' |', '')
  closeEspeak()
  expect(words.map(({ phonemes }) => phonemes).join(' ')).toBe(whole.trim())
  expect(whole).toContain(tones)
  for (const { start, end } of words) expect(text.slice(start, end)).toMatch(/^[\p{L}\p{M}]+$/u)
})

const book = new URL('../../../../shared/books/alice.txt', import.meta.url)

test.skipIf(!existsSync(book))(
  'alignment and synthesis give the same for a novel’s sentences, except for fused words (needs ../shared/books)',
  () => {
    const text = readFileSync(book, 'utf8').replaceAll(/\s+/g, ' ')
    const sentences = (text.match(/[^.!?]+[.!?]+/g) ?? []).slice(100, 250).filter((one) => one.length < 300)
    let same = 0
    for (const sentence of sentences) {
      const [fast, sure] = [phonemizer.words(sentence), phonemizer.synthesizedWords(sentence)]
      const starts = new Set(fast.map(({ start }) => start))
      if (sure.every(({ start }) => starts.has(start))) same++
    }
    expect(same / sentences.length).toBeGreaterThan(0.98)
  },
)
