import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ChapterListed, Novel } from '../src/http/contract/novel-contract.ts'
import { serialChapters, serialText } from './fixtures/serial.ts'
import { Command } from './program/cli-process.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

test('another version of a book is told, taken over or made a book of its own, as the options say', async () => {
  await using folder = await temporaryFolder()
  // The commands go to the server that runs on the folder: none starts one of its own.
  await using server = await ServerProcess.start({ data: folder.path, speakers: 0 })
  const write = (chapters: number) =>
    writeFile(join(folder.path, 'Harbour.txt'), serialText(serialChapters(chapters, 2)))
  const run = (...options: string[]) => Command.run(['import', ...options, 'Harbour.txt'], folder.path)
  const shelf = async () => (await server.json<{ novels: Novel[] }>('/api/novels')).novels
  const chaptersOf = async (id: string) =>
    (await server.json<{ novel: Novel; chapters: ChapterListed[] }>(`/api/novels/${id}`)).chapters
  await write(3)
  const first = await run()
  expect(first).toMatchObject({ code: 0, err: '' })
  const [novel] = await shelf()
  expect(first.out).toContain(novel!.id)
  expect((await run()).out).toContain(novel!.title)

  // Told, and nothing of it taken over.
  await write(5)
  const told = await run()
  expect(told).toMatchObject({ code: 0, err: '' })
  expect(told.out).toContain('2 chapters are new, 0 changed, 0 gone')
  expect(await chaptersOf(novel!.id)).toHaveLength(3)
  // Taken over, with new chapters spoken from now on.
  const taken = await run('--take', '--speak-new')
  expect(taken).toMatchObject({ code: 0, err: '' })
  expect(await chaptersOf(novel!.id)).toHaveLength(5)
  const { novel: after } = await server.json<{ novel: Novel }>(`/api/novels/${novel!.id}`)
  expect(after).toMatchObject({ speakNew: true })

  await write(7)
  const apart = await run('--separate')
  expect(apart).toMatchObject({ code: 0, err: '' })
  expect(await shelf()).toHaveLength(2)
  expect(await chaptersOf(novel!.id)).toHaveLength(5)
  // What no command knows is misuse, and changes nothing.
  expect((await run('--keep')).code).toBe(2)
  expect(await shelf()).toHaveLength(2)
})
