import { expect, test } from 'vitest'
import { cuesOf, formatSubrip, formatWebvtt } from './subtitle-cues.ts'

const long =
  'The ferryman had lit his lamp before the rain came, and now he sat under the old willow and waited for her.'

/** Words of 0.1 s each, starting at 10 s. */
function wordsOf(text: string) {
  return [...text.matchAll(/\S+/g)].map(({ index, 0: word }, at) => ({
    start: index,
    end: index + word.length,
    from: 10 + at / 10,
    to: 10.1 + at / 10,
  }))
}

test('a cue of a sentence with several screens begins at the time of its first word', () => {
  const words = wordsOf(long)
  const cues = cuesOf({ text: long, from: 9.9, to: 13, words })
  expect(cues.length).toBeGreaterThan(1)
  expect(cues[0]?.from).toBe(9.9)
  expect(cues.at(-1)?.to).toBe(13)
  for (const [index, cue] of cues.slice(1).entries()) {
    const first = cue.lines[0]?.text.split(' ')[0] ?? ''
    expect(cue.from).toBe(words.find(({ start }) => long.startsWith(first, start) && start > 20)?.from)
    expect(cues[index]?.to).toBe(cue.from)
  }
})

test('without word times, screens share the sentence’s time by their length', () => {
  const cues = cuesOf({ text: long, from: 0, to: 10.7, words: [] })
  expect(cues.length).toBeGreaterThan(1)
  expect(cues[1]?.from).toBeCloseTo((10.7 * long.indexOf(cues[1]?.lines[0]?.text ?? '')) / long.length, 3)
})

test('cues never overlap or run backwards, whatever word times an engine reports', () => {
  const words = wordsOf(long).map((word) => ({ ...word, from: 5, to: 5 }))
  const cues = cuesOf({ text: long, from: 4.9, to: 5.0005, words })
  let last = 4.9
  for (const { from, to } of cues) {
    expect(from).toBeGreaterThanOrEqual(last)
    expect(to).toBeGreaterThan(from)
    last = to
  }
})

test('a number that is spoken as two words has one timestamp', () => {
  const words = [
    { start: 0, end: 3, from: 0.1, to: 0.3 },
    { start: 4, end: 6, from: 0.3, to: 0.5 },
    { start: 4, end: 6, from: 0.5, to: 0.8 },
  ]
  const cues = cuesOf({ text: 'the 42', from: 0, to: 1, words })
  expect(formatWebvtt(cues, { words: true })).toBe(
    '00:00:00.000 --> 00:00:01.000\n<00:00:00.100>the <00:00:00.300>42\n\n',
  )
})

test('text that looks like markup is escaped', () => {
  const cues = cuesOf({ text: 'a <b> & {\\an8} -->', from: 3599.9996, to: 3601, words: [] })
  expect(formatWebvtt(cues, { words: false })).toBe(
    '01:00:00.000 --> 01:00:01.000\na &lt;b&gt; &amp; {\\an8} --&gt;\n\n',
  )
  expect(formatSubrip(cues, 7)).toBe(
    '7\n01:00:00,000 --> 01:00:01,000\na <\u2060b> & {\u2060\\an8} --\u2060>\n\n',
  )
})
