import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Review } from '../../src/http/contract/review-contract.ts'
import { longStory } from '../fixtures/long-story.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'

const program = fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))
/** Of the time that it takes undisturbed: while the file is read, while chapters are staged, about the commit. */
const moments = [0.4, 0.8, 1]

test('killed while the chapters of a spoken book are cut anew, it has all of the old ones or all of the new ones, and goes on', async () => {
  await using folder = await temporaryFolder()
  const start = () => ServerProcess.start({ data: folder.path, program: [program] })
  await using first = await start()
  // Long enough for several commits of what is staged.
  const text = new TextDecoder().decode(longStory(30, 20)).replaceAll(/^Chapter /gm, 'Day ')
  const { novel } = await first.add(new TextEncoder().encode(text), 'days.txt')
  const path = `/api/novels/${novel.id}`
  const days = { kind: 'headings', rule: { kind: 'pattern', pattern: 'Day {number}' } }
  const reviewOf = async (server: ServerProcess) =>
    (await server.json<{ review: Review }>(`${path}/review`)).review
  const undone = await reviewOf(first)
  const begun = performance.now()
  await first.post(`${path}/edits`, days)
  const usual = performance.now() - begun
  const done = await reviewOf(first)
  expect(done.chapters.length).toBeGreaterThanOrEqual(30)
  await first.post(`${path}/edits/undo`, {})
  // So that what follows is in the journal alone.
  await first.post(`${path}/edits`, { kind: 'rename', chapterNumber: 1, title: 'Whole' })
  const progressId = await first.generate(novel.id, undefined, { voice: 'odd:hum' })
  await first.kill()
  /** What a killed server left, as the next one finds it. */
  const check = async (server: ServerProcess): Promise<boolean> => {
    const { chapters, undo } = await reviewOf(server)
    const isDone = undo?.kind === 'headings'
    expect(chapters.map(({ characters, segments }) => [characters, segments])).toEqual(
      (isDone ? done : undone).chapters.map(({ characters, segments }) => [characters, segments]),
    )
    const progress = await server.progress(progressId)
    expect(progress.chapters.length).toBe(chapters.length)
    expect(progress.segmentsTotal).toBe(chapters.reduce((sum, { segments }) => sum + segments, 0))
    return isDone
  }
  for (const moment of moments) {
    await using server = await start()
    if (await check(server)) await server.post(`${path}/edits/undo`, {})
    const answered = server.post(`${path}/edits`, days).catch(() => undefined)
    await wait(usual * moment)
    await server.kill()
    await answered
  }
  await using last = await start()
  if (!(await check(last))) expect((await last.post(`${path}/edits`, days)).status).toBe(200)
  const progress = await last.finished(progressId)
  expect(progress).toMatchObject({ status: 'completed', segmentsDone: progress.segmentsTotal })
  expect(await last.stop()).toBe(0)
})
