import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { singleVoice } from '../src/novel/casting.ts'
import { recipeHash, textHash } from '../src/novel/clip.ts'
import { chaptersByGeneration, chaptersOf, segmentsOf } from '../src/storage/queries/chapter-queries.ts'
import { bytesToHash } from '../src/storage/queries/column-values.ts'
import { deleteNovel, hiddenNovels, hideIncompleteNovels } from '../src/storage/queries/deletion-queries.ts'
import { equalGenerations, insertGeneration } from '../src/storage/queries/generation-queries.ts'
import { openDatabase } from '../src/storage/sqlite/sqlite-database.ts'
import { insertSmallNovel } from './fixtures/small-novel.ts'

const program = fileURLToPath(new URL('./program/rekey-process.ts', import.meta.url))
const pauses = { sentence: 0.25, paragraph: 0.6, section: 1.2 }
const recipe = { voice: 'odd:hum', speed: 1, engine: 'odd-1', studio: '1', pauses }
const kills = 8

test('a novel that is re-keyed when the power fails has all its old texts or all its new ones', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-rekey-'))
  const files = { folder, nightjar: join(folder, 'nightjar.db'), clips: join(folder, 'clips.db') }
  const first = openDatabase(files)
  const novelId = await insertSmallNovel(
    first.db,
    Array.from({ length: 10 }, (_, at) => [`Chapter ${at}.`]),
  )
  const ids = (await chaptersOf(first.db, novelId)).map(({ id }) => id)
  const casting = singleVoice(recipeHash(recipe))
  const asked = { id: 'asked', novelId, voice: recipe.voice, speed: 1, casting, priority: 0 }
  const createdAt = new Date().toISOString()
  await insertGeneration(first.db, { ...asked, desiredState: 'run', createdAt }, [recipe], ids)
  await first.db.destroy()
  let committed = 0
  let round = 1
  for (let kill = 0; kill < kills; kill++) {
    const args = [program, folder, files.nightjar, files.clips, novelId, String(round)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let told = ''
    child.stdout.on('data', (chunk) => (told += String(chunk)))
    while (!told.includes(kill % 2 === 0 ? 'staged' : 'committed')) await once(child.stdout, 'data')
    // Now at the commit, now somewhere in the next rounds.
    if (kill > 1) await wait(Math.random() * 200)
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
    committed = Math.max(
      committed,
      ...[...told.matchAll(/committed (\d+)/g)].map((match) => Number(match[1])),
    )

    const { db } = openDatabase(files)
    await hideIncompleteNovels(db)
    for (const id of await hiddenNovels(db)) await deleteNovel(db, id)
    expect(await db.selectFrom('novels').select('id').execute()).toEqual([{ id: novelId }])
    const chapters = await chaptersOf(db, novelId)
    expect(chapters.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const [title, ...others] = [
      ...new Set(chapters.map((chapter) => chapter.title.replace(/^Chapter .*/, 'Round 0'))),
    ]
    expect(others).toEqual([])
    const standing = Number(title?.slice('Round '.length))
    // What was told to be committed is there.
    expect(standing).toBeGreaterThanOrEqual(committed)
    for (const { id } of chapters) {
      const segments = await segmentsOf(db, id)
      const rows = await db
        .selectFrom('segments')
        .select(['words', 'role'])
        .where('chapterId', '=', id)
        .orderBy('idx')
        .execute()
      expect(rows.map(({ words, role }) => [bytesToHash(words), role])).toEqual(
        segments.map(({ spoken, pause, opening, role = 0 }) => [textHash(spoken, pause, opening), role]),
      )
    }
    const now = chapters.map(({ id }) => id)
    expect((await chaptersByGeneration(db, 'asked')).map(({ id }) => id)).toEqual(now)
    expect(await equalGenerations(db, novelId, now)).toMatchObject([{ id: 'asked', casting }])
    const orphans = await db
      .selectFrom('segments')
      .select('chapterId')
      .where('chapterId', 'not in', now)
      .execute()
    expect(orphans).toEqual([])
    await db.destroy()
    round = standing + 1
  }
})
