import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import type { RecognisedVersion } from '../../src/http/contract/version-contract.ts'
import { corrected, serialChapters, serialText } from '../fixtures/serial.ts'
import { answer } from '../program/api-client.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'

const program = fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))
const name = 'Letters.txt'

interface Uploaded {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
  readonly version?: RecognisedVersion
}

type Step = 'send' | 'take' | 'undo'
/** Of the time that each step takes undisturbed. */
const moments: readonly (readonly [Step, number])[] = [
  ['send', 0.5],
  ['send', 0.9],
  ['take', 0.5],
  ['take', 0.9],
  ['take', 1.05],
  ['undo', 0.7],
]

test('killed at each step of a book that grows, it is the old one or the new one with all that belongs to it, and new chapters are spoken', async () => {
  await using folder = await temporaryFolder()
  const start = () => ServerProcess.start({ data: folder.path, program: [program] })
  const before = serialChapters(12, 3)
  const after = [
    ...corrected(
      before,
      2,
      1,
      'Evening 2.2 was told anew by the ferryman of the lake. Nobody spoke of letter 201 again.',
    ),
    ...serialChapters(4, 3, 13),
  ]
  const bytes = { old: serialText(before), fresh: serialText(after) }
  await using first = await start()
  const { novel } = await answer<Uploaded>(first.upload(bytes.old, name, { separate: false }))
  const path = `/api/novels/${novel.id}`
  await answer(
    first.fetch(path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ voice: 'odd:hum', speakNew: true }),
    }),
  )
  const progressId = await first.generate(novel.id)
  await first.finished(progressId)

  const send = async (server: ServerProcess) =>
    answer<Uploaded>(server.upload(bytes.fresh, name, { separate: false }))
  const take = async (server: ServerProcess, { id }: RecognisedVersion) =>
    answer<Uploaded>(server.post(`${path}/versions/${id}/take`, {}))
  /** The old chapters, so that the file is another version again. */
  const back = async (server: ServerProcess) => {
    await answer(server.post(`${path}/edits/undo`, {}))
    // What follows an undo can do nothing again: the version is gone.
    const title = `Chapter 1 at ${Date.now()}`
    await answer(server.post(`${path}/edits`, { kind: 'rename', chapterNumber: 1, title }))
  }
  const offered = async (server: ServerProcess): Promise<RecognisedVersion> => {
    const seen = await send(server)
    if (seen.version) return seen.version
    await back(server)
    return (await send(server)).version!
  }
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now()
    await work()
    return performance.now() - begun
  }
  let version: RecognisedVersion | undefined
  const usual = {
    send: await timed(async () => (version = (await send(first)).version)),
    take: await timed(async () => take(first, version!)),
    undo: await timed(async () => back(first)),
  }
  await first.kill()

  /** What a killed server left, as the next one finds it. Returns whether it is the new book. */
  const check = async (server: ServerProcess): Promise<boolean> => {
    const { novels } = await server.json<{ novels: Novel[] }>('/api/novels')
    expect(novels.map(({ id }) => id)).toEqual([novel.id])
    const { chapters } = await server.json<Uploaded>(path)
    const isNew = chapters.length === after.length
    expect(chapters.length).toBe((isNew ? after : before).length)
    const source = await (await server.fetch(`${path}/source`)).arrayBuffer()
    expect(new Uint8Array(source)).toEqual(isNew ? bytes.fresh : bytes.old)
    const second = await server.json<{ chapter: { blocks: { text: string }[] } }>(`${path}/chapters/2`)
    expect(second.chapter.blocks.map(({ text }) => text)).toEqual([
      'Chapter 2',
      ...(isNew ? after : before)[1]!.paragraphs,
    ])
    expect((await server.progress(progressId)).chapters).toHaveLength(before.length)
    return isNew
  }
  for (const [step, share] of moments) {
    await using server = await start()
    await check(server)
    const known = await offered(server)
    if (step === 'send') await server.fetch(`${path}/versions/${known.id}`, { method: 'DELETE' })
    if (step === 'undo') await take(server, known)
    const steps = { send, take: async () => take(server, known), undo: back }
    const answered = steps[step](server).catch(() => undefined)
    await wait(usual[step] * share)
    await server.kill()
    await answered
  }
  await using last = await start()
  // Killed right behind an undo, the version can be done again, and is offered when it is not.
  if (!(await check(last))) await take(last, await offered(last))
  expect(await check(last)).toBe(true)
  await waitUntil(async () =>
    (await last.json<Uploaded>(path)).chapters.every(({ status }) => status === 'completed'),
  )
  // Of versions that came and went nothing is left but the file that the book was read from.
  expect((await last.json<{ versions: unknown[] }>(`${path}/versions`)).versions).toEqual([])
  expect(await last.stop()).toBe(0)
})
