import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { ChapterTranscode } from '../src/novel/chapter-transcode.ts'
import { chaptersOf, replaceChapter, segmentsOf } from '../src/storage/queries/chapter-queries.ts'
import { insertTranscodes, transcodesByKey } from '../src/storage/queries/transcode-queries.ts'
import { emptyDatabase, insertSmallNovel, smallChapter } from './fixtures/small-novel.ts'
import { openTestStorage } from './program/open-storage.ts'

test('a transcode that is asked for while its chapter is replaced is left out, and the others are made', async () => {
  const db = await emptyDatabase()
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const [one, two] = await chaptersOf(db, novelId)
  await replaceChapter(db, one!, smallChapter('One', ['Three.', 'One.']), { at: 0, removed: 0, added: 1 })
  const key = (at: number) => String(at).repeat(32)
  const transcode = (chapterId: number): ChapterTranscode => ({
    key: key(chapterId),
    novelId,
    chapterId,
    form: 'mp3',
    casting: key(0),
    tags: {
      title: 'One',
      novelTitle: 'A small novel',
      author: 'Nobody',
      narrator: 'Hum',
      number: 1,
      of: 2,
      language: 'en',
    },
    frames: 10,
    status: 'pending',
    createdAt: new Date().toISOString(),
    askedAt: 0,
  })
  await insertTranscodes(db, [transcode(one!.id), transcode(two!.id)])
  const stored = await transcodesByKey(db, [key(one!.id), key(two!.id)])
  expect(stored.map(({ chapterId }) => chapterId)).toEqual([two!.id])
  await db.destroy()
})

const program = fileURLToPath(new URL('./program/replace-chapter-process.ts', import.meta.url))

test('a chapter that is being replaced when the power fails is the old one or the new one, whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-replace-'))
  const first = await openTestStorage(folder)
  const novelId = await insertSmallNovel(first, [['One.'], ['Two.']])
  await first.destroy()
  for (let round = 0; round < 4; round += 1) {
    const child = spawn(process.execPath, [program, folder, novelId], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    for (let told = 0; told <= round; told += 1) await once(child.stdout, 'data')
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    const db = await openTestStorage(folder)
    const chapters = await chaptersOf(db, novelId)
    expect(chapters.map(({ number, title }) => [number, title])).toEqual([
      [1, 'One'],
      [2, 'Chapter 2'],
    ])
    for (const { id, segmentCount } of chapters) {
      expect((await segmentsOf(db, id)).length).toBe(segmentCount)
      const rows = await db.selectFrom('segments').select('idx').where('chapterId', '=', id).execute()
      expect(rows).toHaveLength(segmentCount)
    }
    await db.destroy()
  }
})
