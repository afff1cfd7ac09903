import { expect, test } from 'vitest'
import { type Sentence, sentencesOf, splitSentences } from './sentence-splitter.ts'

const said = (text: string, language = 'en') =>
  [...sentencesOf(text, language)].map(({ spoken, pause }) => `${spoken} (${pause})`)

test('a text is spoken a sentence at a time, with a longer pause after its paragraphs', () => {
  const text =
    'The door was open when he came. Nobody had expected him so early!\r\n\r\nHe went in and looked around the room.\nThen he sat down by the window.'
  expect(said(text)).toEqual([
    'The door was open when he came. (sentence)',
    'Nobody had expected him so early! (paragraph)',
    'He went in and looked around the room. (paragraph)',
    'Then he sat down by the window. (sentence)',
  ])
})

test('lines that were broken at some width are one paragraph', () => {
  const text = `It was a bright cold day in the middle of April, and all the
clocks of the town were striking one after the other while the
people in the streets went home through the rain without a word.

Nobody looked up at the tower as they went, for they all knew the
time without it, and none of them had any wish to know it better.`
  const spoken = [...sentencesOf(text, 'en')]
  expect(spoken.map(({ spoken }) => spoken).join(' ')).toBe(text.replaceAll(/\s+/g, ' '))
  expect(spoken.filter(({ pause }) => pause === 'paragraph')).toHaveLength(1)
})

test('a scene break is a pause and nothing that is spoken', () => {
  expect(said('He closed the door behind him.\n\n* * *\n\nThe next day was a Sunday.')).toEqual([
    'He closed the door behind him. (section)',
    'The next day was a Sunday. (sentence)',
  ])
})

test('numbers and marks are spoken as the voice’s language has them', () => {
  expect(said('他走了。')).toEqual(['他走了。 (sentence)'])
  expect(said('Ludwig XIV. war König.', 'de')).toEqual(['Ludwig der Vierzehnte war König. (sentence)'])
})

test('where there is no letter and no digit, nothing is spoken', () => {
  for (const text of ['', ' \n\t', '…', '***\n\n—', '。']) expect(said(text)).toEqual([])
})

const novel =
  'The door was open when he came. Nobody had expected him so early!\n\nHe went in and looked around. '

async function cut(text: string, signal = new AbortController().signal, timeoutMs?: number) {
  const sentences: Sentence[] = []
  for await (const sentence of splitSentences(text, 'en', signal, timeoutMs)) sentences.push(sentence)
  return sentences
}

/** Threads that this process has besides its own. */
const threads = () => process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length

test.each([
  ['a short text', novel],
  ['a long one', novel.repeat(200)],
  ['one without a full stop', 'word, '.repeat(5000)],
  ['nothing but blanks', ' '.repeat(5000)],
])('%s is cut as its paragraphs are', async (_, text) => {
  expect(await cut(text)).toEqual([...sentencesOf(text, 'en')])
})

test('the event loop turns while a long text is cut', async () => {
  let turns = 0
  const turn = setInterval(() => turns++, 1)
  const cutting = splitSentences(novel.repeat(1000), 'en', new AbortController().signal)
  await cutting.next()
  clearInterval(turn)
  await cutting.return(undefined)
  expect(turns).toBeGreaterThan(3)
})

test('the thread ends when the reader goes, by the signal, and with the text', async () => {
  const before = threads()
  const left = splitSentences(novel.repeat(200), 'en', new AbortController().signal)
  await left.next()
  expect(threads()).toBeGreaterThan(before)
  await left.return(undefined)
  const gone = new AbortController()
  const aborted = cut(novel.repeat(1000), gone.signal)
  gone.abort(new Error('nobody listens'))
  await expect(aborted).rejects.toThrow('nobody listens')
  await cut(novel.repeat(200))
  expect(threads()).toBe(before)
})

test('a text that takes too long is refused in one sentence', async () => {
  await expect(cut(novel.repeat(1000), undefined, 1)).rejects.toMatchObject({ code: 'speech.no-sentences' })
})
