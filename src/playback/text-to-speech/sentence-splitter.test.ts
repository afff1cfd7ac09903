import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { splitSentences } from './sentence-splitter.ts'
import { type Sentence, sentencesOf } from './sentences-of-text.ts'

const recorder = fileURLToPath(new URL('../../../test/program/record-modules.ts', import.meta.url))

const spokenSentences = (text: string, language = 'en') =>
  [...sentencesOf(text, language)].map(({ spoken, pause }) => `${spoken} (${pause})`)

test('a text is split into sentences, with a longer pause after a paragraph', () => {
  const text =
    'The door was open when he came. Nobody had expected him so early!\r\n\r\nHe went in and looked around the room.\nThen he sat down by the window.'
  expect(spokenSentences(text)).toEqual([
    'The door was open when he came. (sentence)',
    'Nobody had expected him so early! (paragraph)',
    'He went in and looked around the room. (paragraph)',
    'Then he sat down by the window. (sentence)',
  ])
})

test('hard-wrapped lines are joined into one paragraph', () => {
  const text = `It was a bright cold day in the middle of April, and all the
clocks of the town were striking one after the other while the
people in the streets went home through the rain without a word.

Nobody looked up at the tower as they went, for they all knew the
time without it, and none of them had any wish to know it better.`
  const spoken = [...sentencesOf(text, 'en')]
  expect(spoken.map(({ spoken }) => spoken).join(' ')).toBe(text.replaceAll(/\s+/g, ' '))
  expect(spoken.filter(({ pause }) => pause === 'paragraph')).toHaveLength(1)
})

test('a scene break becomes a pause and is not spoken', () => {
  expect(spokenSentences('He closed the door behind him.\n\n* * *\n\nThe next day was a Sunday.')).toEqual([
    'He closed the door behind him. (section)',
    'The next day was a Sunday. (sentence)',
  ])
})

test('numbers and punctuation follow the rules of the voice’s language', () => {
  expect(spokenSentences('他走了。')).toEqual(['他走了。 (sentence)'])
  expect(spokenSentences('Ludwig XIV. war König.', 'de')).toEqual([
    'Ludwig der Vierzehnte war König. (sentence)',
  ])
})

test('a text without letters and digits has no sentences', () => {
  for (const text of ['', ' \n\t', '…', '***\n\n—', '。']) expect(spokenSentences(text)).toEqual([])
})

const novel =
  'The door was open when he came. Nobody had expected him so early!\n\nHe went in and looked around. '

async function split(text: string, signal = new AbortController().signal, timeoutMs?: number) {
  const sentences: Sentence[] = []
  for await (const sentence of splitSentences(text, 'en', signal, timeoutMs)) sentences.push(sentence)
  return sentences
}

/** The number of worker threads of this process. */
const threads = () => process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length

test.each([
  ['a short text', novel],
  ['a long text', novel.repeat(200)],
  ['a text without a full stop', 'word, '.repeat(5000)],
  ['a text of blanks only', ' '.repeat(5000)],
])('%s is split the same inline and in a thread', async (_, text) => {
  expect(await split(text)).toEqual([...sentencesOf(text, 'en')])
})

test('a long text has its rules loaded in the thread alone, a short one beside it', async () => {
  await using folder = await temporaryFolder()
  const [loaded, script] = [`${folder.path}/loaded`, `${folder.path}/split.mjs`]
  writeFileSync(
    script,
    `
    import { splitSentences } from ${JSON.stringify(new URL('./sentence-splitter.ts', import.meta.url).href)}
    for await (const _ of splitSentences(process.argv[2], 'en', new AbortController().signal));`,
  )
  process.env['LOADED_MODULES'] = loaded
  const rulesFor = (text: string): string[] => {
    writeFileSync(loaded, '')
    execFileSync(process.execPath, [`--import=${recorder}`, script, text])
    return readFileSync(loaded, 'utf8').match(/src\/(?:segmenter|pronunciation)\/.*/g) ?? []
  }
  expect(rulesFor(novel.repeat(20))).toEqual([])
  expect(rulesFor(novel)).toContain('src/segmenter/segmenter.ts')
})

test('the event loop is not blocked while a long text is split', async () => {
  let turns = 0
  const turn = setInterval(() => turns++, 1)
  const splitting = splitSentences(novel.repeat(1000), 'en', new AbortController().signal)
  await splitting.next()
  clearInterval(turn)
  await splitting.return(undefined)
  expect(turns).toBeGreaterThan(3)
})

test('the thread ends when the reader returns, when the signal aborts, and at the end of the text', async () => {
  const before = threads()
  const abandoned = splitSentences(novel.repeat(1000), 'en', new AbortController().signal)
  await abandoned.next()
  expect(threads()).toBeGreaterThan(before)
  await abandoned.return(undefined)
  const controller = new AbortController()
  const aborted = split(novel.repeat(1000), controller.signal)
  controller.abort(new Error('nobody listens'))
  await expect(aborted).rejects.toThrow('nobody listens')
  await split(novel.repeat(200))
  expect(threads()).toBe(before)
})

test('a text that takes too long to split fails with speech.no-sentences', async () => {
  await expect(split(novel.repeat(1000), undefined, 1)).rejects.toMatchObject({ code: 'speech.no-sentences' })
})
