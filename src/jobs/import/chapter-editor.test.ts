import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { BookLexicon } from '../../novel/lexicon-entry.ts'
import type { Segment } from '../../novel/segment.ts'
import { editTextsInWorker } from './chapter-editor.ts'

const head = { title: 'One', part: null, matter: 'body' } as const
const json = (blocks: unknown, skips: unknown) => ({
  blocks: JSON.stringify(blocks),
  skips: JSON.stringify(skips),
  segments: '[]',
})

const plain: BookLexicon = { language: 'en', scopes: [] }

const restore = (text: ReturnType<typeof json>, wordList = '/none', lexicon = plain) =>
  editTextsInWorker({
    chapters: [{ ...head, text }],
    edit: { kind: 'restore', skips: [[0]] },
    lexicon,
    wordList,
  })

test('a restored skip is pronounced as on import, with the user’s pronunciation list', async () => {
  const wordList = join(await mkdtemp(join(tmpdir(), 'nightjar-words-')), 'words.tsv')
  await writeFile(wordList, 'en\tGwplaine\tGwinplain\n')
  const skip = { block: 0, start: 0, end: 0, reason: 'title-page', text: 'He read of Gwplaine.' }
  const restored = await restore(json([{ kind: 'paragraph', text: '' }], [skip]), wordList)
  const segments = JSON.parse(restored?.chapters[0]?.segments ?? '[]') as Segment[]
  expect(segments.map(({ spoken }) => spoken)).toEqual([expect.stringContaining('Gwinplain')])
})

test('a restored skip is said as the lexicon has it', async () => {
  const entry = { written: 'Gwplaine', words: 'Gwinplain', caseSensitive: false, stem: true }
  const skip = { block: 0, start: 0, end: 0, reason: 'title-page', text: 'He spoke of Gwplaine’s dog.' }
  const lexicon = { language: 'en', scopes: [[entry]] }
  const restored = await restore(json([{ kind: 'paragraph', text: '' }], [skip]), '/none', lexicon)
  expect(JSON.parse(restored?.chapters[0]?.segments ?? '[]')).toMatchObject([
    { spoken: 'He spoke of Gwinplain’s dog.', plain: { spoken: 'He spoke of Gwplaine’s dog.' } },
  ])
})

test('the event loop is not blocked while a long text is segmented', async () => {
  const line = 'The door was open when he came; nobody had expected him so early, at 5 p.m. on 3 May. '
  const skip = { block: 0, start: 0, end: line.length * 500, reason: 'hidden' }
  const text = json([{ kind: 'paragraph', text: line.repeat(500) }], [skip])
  let turns = 0
  const turn = setInterval(() => turns++, 1)
  const restored = await restore(text)
  clearInterval(turn)
  expect(restored?.chapters[0]?.textHashes.length).toBeGreaterThan(400)
  expect(turns).toBeGreaterThan(10)
})

test('a damaged text is reported as `storage.damaged`', async () => {
  await expect(restore({ blocks: '[', skips: '[]', segments: '[]' })).rejects.toMatchObject({
    code: 'storage.damaged',
  })
})
