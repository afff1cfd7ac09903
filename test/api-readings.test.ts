import { afterAll, expect, test } from 'vitest'
import { hardEpub } from './fixtures/edge-case-epub.ts'
import { startApplication } from './program/in-process-application.ts'

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here

test('the API returns an EPUB’s readings, hidden text as skips, and a plain title', async () => {
  const { novel } = await api.add(await hardEpub(), 'hard.epub')
  expect(novel.title).toBe('Hard Cases & Others')
  const response = await api.fetch(`/api/novels/${novel.id}/chapters/2`)
  expect(await response.json()).toMatchObject({
    success: true,
    chapter: {
      blocks: [
        { kind: 'heading', text: 'Hidden' },
        { kind: 'paragraph', text: 'This is seen.' },
        { text: 'Her name was 凪.', readings: [{ start: 13, end: 14, said: 'なぎ' }] },
      ],
      skips: expect.arrayContaining([
        { block: 1, start: 13, end: 13, reason: 'hidden', text: '(This is an ornament.)' },
      ]),
      segments: expect.arrayContaining([expect.objectContaining({ spoken: 'Her name was なぎ.' })]),
    },
  })
})
