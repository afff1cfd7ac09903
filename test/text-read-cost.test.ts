import { expect, test } from 'vitest'
import type { Coverage, SkippedText } from '../src/http/contract/coverage-contract.ts'
import { startApplication } from './program/in-process-application.ts'
import { statementsOf } from './program/recorded-statements.ts'

/** Statements that read texts of chapters while something is asked for. */
async function textsRead(ask: () => Promise<unknown>): Promise<number> {
  return (await statementsOf(ask)).filter(({ sql }) => /select.*"chapterTexts"/.test(sql)).length
}

const story = Array.from(
  { length: 40 },
  (_, at) =>
    `Chapter ${at + 1}\n\nThe lamp was lit when they came down to the river ${at + 1}.\n\n[Illustration: A ship in storm ${at + 1}]\n\nNobody saw it.`,
).join('\n\n')

test('what is not spoken is counted from texts that are read once, and anew after an edit', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { novel } = await api.add(Buffer.from(story), 'story.txt')
  const path = `/api/novels/${novel.id}`
  const coverage = async () => (await api.json<{ coverage: Coverage }>(`${path}/coverage`)).coverage
  const skips = (offset: number, limit: number) =>
    api.json<{ total: number; skips: SkippedText[] }>(
      `${path}/skips?reason=image&offset=${offset}&limit=${limit}`,
    )
  // Forty short chapters are read at once.
  expect(await textsRead(coverage)).toBe(1)
  expect(await textsRead(coverage)).toBe(0)
  const before = await coverage()
  expect(before.reasons.find(({ reason }) => reason === 'image')).toMatchObject({ count: 40, restorable: 40 })
  expect(before.reasons[0]!.examples.map(({ chapterNumber }) => chapterNumber)).toEqual([1, 2, 3])
  // Of the pages of skips only those chapters are read that have what is shown.
  expect(await textsRead(() => skips(0, 2))).toBe(2)
  expect(await textsRead(() => skips(100, 2))).toBe(0)
  const page = await skips(37, 10)
  expect(page.total).toBe(40)
  expect(page.skips.map(({ chapterNumber, text }) => `${chapterNumber} ${text}`)).toEqual(
    [38, 39, 40].map((number) => `${number} [Illustration: A ship in storm ${number}]`),
  )

  const restore = { kind: 'restore', skips: [{ chapterNumber: 2, index: page.skips[0]!.index }] }
  expect((await api.post(`${path}/edits`, restore)).status).toBe(200)
  expect(await textsRead(coverage)).toBe(1)
  const after = await coverage()
  expect(after.reasons.find(({ reason }) => reason === 'image')).toMatchObject({ count: 39 })
  expect(after.spoken).toBeGreaterThan(before.spoken)
  expect((await api.post(`${path}/edits`, { kind: 'move', first: 1, last: 1, to: 3 })).status).toBe(200)
  expect((await coverage()).reasons[0]!.examples[0]).toMatchObject({
    chapterNumber: 2,
    text: expect.stringContaining('storm 3'),
  })
})

test('searches that follow each other read the text once', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { novel } = await api.add(Buffer.from(story), 'story.txt')
  const search = async (q: string) =>
    (await api.json<{ count: number }>(`/api/novels/${novel.id}/search?q=${q}`)).count
  expect(await textsRead(() => search('zebra'))).toBe(1)
  expect(await textsRead(() => search('zeb'))).toBe(0)
  expect(await search('lamp')).toBe(40)
  expect((await api.post(`/api/novels/${novel.id}/edits`, { kind: 'merge', chapterNumber: 1 })).status).toBe(
    200,
  )
  expect(await textsRead(() => search('zebra'))).toBe(1)
  expect(await search('lamp')).toBe(40)
})
