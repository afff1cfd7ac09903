import { expect, test } from 'vitest'
import { splitSentences } from './cut-text.ts'
import { type Sentence, sentencesOf } from './sentences.ts'

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
