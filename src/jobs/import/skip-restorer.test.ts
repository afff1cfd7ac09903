import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Segment } from '../../novel/segment.ts'
import { restoreSkipInWorker } from './skip-restorer.ts'

const chapter = { title: 'One', part: null, matter: 'body', index: 0, language: 'en' } as const
const json = (blocks: unknown, skips: unknown) => ({
  blocks: JSON.stringify(blocks),
  skips: JSON.stringify(skips),
  segments: '[]',
})

test('what is taken in is pronounced as an import would, with the reader’s own words', async () => {
  const words = join(await mkdtemp(join(tmpdir(), 'nightjar-words-')), 'words.tsv')
  await writeFile(words, 'en\tGwplaine\tGwinplain\n')
  const skip = { block: 0, start: 0, end: 0, reason: 'title-page', text: 'He read of Gwplaine.' }
  const text = json([{ kind: 'paragraph', text: '' }], [skip])
  const restored = await restoreSkipInWorker({ ...chapter, text, words })
  const segments = JSON.parse(restored?.written.segments ?? '[]') as Segment[]
  expect(segments.map(({ spoken }) => spoken)).toEqual([expect.stringContaining('Gwinplain')])
  expect(restored?.change).toEqual({ at: 0, removed: 0, added: 1 })
})

test('the event loop turns while a long text is cut', async () => {
  const line = 'The door was open when he came; nobody had expected him so early, at 5 p.m. on 3 May. '
  const skip = { block: 0, start: 0, end: line.length * 500, reason: 'hidden' }
  const text = json([{ kind: 'paragraph', text: line.repeat(500) }], [skip])
  let turns = 0
  const turn = setInterval(() => turns++, 1)
  const restored = await restoreSkipInWorker({ ...chapter, text, words: '/none' })
  clearInterval(turn)
  expect(restored?.written.textHashes.length).toBeGreaterThan(400)
  expect(turns).toBeGreaterThan(10)
})

test('a text that is damaged is told of as such', async () => {
  const text = { blocks: '[', skips: '[]', segments: '[]' }
  await expect(restoreSkipInWorker({ ...chapter, text, words: '/none' })).rejects.toMatchObject({
    code: 'storage.damaged',
  })
})
