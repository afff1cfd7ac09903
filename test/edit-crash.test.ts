import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { singleVoice } from '../src/novel/casting.ts'
import { recipeHash } from '../src/novel/clip.ts'
import { nextEntry } from '../src/storage/queries/chapter-edit-queries.ts'
import { bookmarksOf, saveBookmark } from '../src/storage/queries/bookmark-queries.ts'
import { chaptersByGeneration, chaptersOf, segmentsOf } from '../src/storage/queries/chapter-queries.ts'
import { deleteNovel, hiddenNovels, hideIncompleteNovels } from '../src/storage/queries/deletion-queries.ts'
import { equalGenerations, insertGeneration } from '../src/storage/queries/generation-queries.ts'
import { addHeard, heardOf, positionOf, savePosition } from '../src/storage/queries/playback-queries.ts'
import { insertSmallNovel } from './fixtures/small-novel.ts'
import { openTestStorage } from './program/open-storage.ts'

const program = fileURLToPath(new URL('./program/edit-process.ts', import.meta.url))
const pauses = { sentence: 0.25, paragraph: 0.6, section: 1.2 }
const recipe = { voice: 'odd:hum', speed: 1, engine: 'odd-1', studio: '1', pauses }
const kills = 6

test('chapters that are edited when the power fails are all as before or all as after, with everything that belongs to them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-edit-'))
  const first = await openTestStorage(folder)
  const novelId = await insertSmallNovel(first, [['One.', 'Two.'], ['Three.', 'Four.'], ['Five.']])
  const ids = (await chaptersOf(first, novelId)).map(({ id }) => id)
  const casting = singleVoice(recipeHash(recipe))
  const asked = { id: 'asked', novelId, voice: recipe.voice, speed: 1, casting, priority: 0 }
  const createdAt = new Date().toISOString()
  await insertGeneration(first, { ...asked, desiredState: 'run', createdAt }, [recipe], ids)
  await savePosition(first, { listener: 'home', novelId }, { chapterNumber: 2, segment: 1, seconds: 1 })
  await addHeard(first, { listener: 'home', novelId, chapterNumber: 3 }, [0, 0])
  const mark = { id: 'mark', chapterNumber: 2, at: 1, note: '' }
  await saveBookmark(first, { listener: 'home', novelId }, mark)
  await first.destroy()
  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [program, folder, novelId], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let told = ''
    child.stdout.on('data', (chunk) => (told += String(chunk)))
    while (!told.includes(['staged', 'merged', 'apart'][kill % 3]!)) await once(child.stdout, 'data')
    if (kill > 2) await wait(Math.random() * 50)
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended

    const db = await openTestStorage(folder)
    // As if the leases of dead servers had lapsed.
    await db.updateTable('novels').set({ importUntil: null }).where('complete', '=', 0).execute()
    await hideIncompleteNovels(db)
    for (const id of await hiddenNovels(db)) await deleteNovel(db, id)
    const chapters = await chaptersOf(db, novelId)
    const isMerged = chapters.length === 2
    expect(chapters.map(({ title, number }) => [title, number])).toEqual(
      isMerged
        ? [
            ['Merged', 1],
            ['Chapter 3', 2],
          ]
        : [
            ['Chapter 1', 1],
            ['Chapter 2', 2],
            ['Chapter 3', 3],
          ],
    )
    const texts = await Promise.all(chapters.map(async ({ id }) => (await segmentsOf(db, id)).length))
    expect(texts).toEqual(isMerged ? [4, 1] : [2, 2, 1])
    const rows = await db.selectFrom('segments').select(['chapterId', 'idx']).execute()
    expect(chapters.map(({ id }) => rows.filter(({ chapterId }) => chapterId === id).length)).toEqual(texts)
    const { chapterNumber, segment } = (await positionOf(db, { listener: 'home', novelId }))!
    expect([chapterNumber, segment]).toEqual(isMerged ? [1, 3] : [2, 1])
    expect(await bookmarksOf(db, { listener: 'home', novelId })).toMatchObject([
      { chapterNumber, segment, quote: 'Four.' },
    ])
    expect((await heardOf(db, 'home', novelId)).map((each) => each.chapterNumber)).toEqual([isMerged ? 2 : 3])
    const now = chapters.map(({ id }) => id)
    expect((await chaptersByGeneration(db, 'asked')).map(({ id }) => id)).toEqual(now)
    expect(await equalGenerations(db, novelId, now)).toMatchObject([{ id: 'asked', casting }])
    // The journal is of the same moment, and what it needs is there.
    const [undo, redo] = [await nextEntry(db, novelId, 'undo'), await nextEntry(db, novelId, 'redo')]
    expect(undo !== undefined).toBe(isMerged)
    const kept = [...(undo?.before ?? []), ...(redo?.after ?? [])].map(({ id }) => id)
    const found = await db
      .selectFrom('chapters')
      .select('id')
      .where('id', 'in', [0, ...kept])
      .execute()
    expect(found.length).toBe(kept.length)
    // What was overwritten is gone, and nothing else is left.
    expect((await db.selectFrom('novels').select('id').execute()).length).toBeLessThanOrEqual(2)
    const orphans = await db
      .selectFrom('chapters')
      .select('id')
      .where('id', 'not in', [...now, ...kept])
      .execute()
    expect(orphans).toEqual([])
    const rate = await db.selectFrom('speakingRates').selectAll().executeTakeFirst()
    if (rate) expect([rate.speechSeconds, rate.busySeconds]).toEqual([rate.segments * 3, rate.segments * 4])
    await db.destroy()
  }
})
