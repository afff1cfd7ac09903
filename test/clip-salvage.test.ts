import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { RowClipStore } from '../src/storage/clips/row-clip-store.ts'
import { keepUnsalvagedFile } from '../src/storage/sqlite/clips-database-file.ts'
import { DamagedClipsReader } from '../src/storage/sqlite/damaged-clips-reader.ts'
import { openDatabase } from '../src/storage/sqlite/sqlite-database.ts'
import type { WatchedFiles } from '../src/storage/watched-files.ts'
import { salvageClips } from '../src/jobs/maintenance/clips-salvage.ts'
import { textHash } from '../src/novel/clip.ts'
import { longStory } from './fixtures/long-story.ts'
import { someClip } from './fixtures/small-novel.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

// A salvage that does not come about, or a file that cannot be tidied up, stops nobody from speaking.

const recipe = '00112233445566778899aabbccddeeff'
const { signal } = new AbortController()

/** A `clips.db` with so many clips, put where a damaged one waits for its salvage. */
async function setAside(data: string, clips: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-test-'))
  const files = { folder, nightjar: join(folder, 'nightjar.db'), clips: join(folder, 'clips.db') }
  const { db } = openDatabase(files)
  await new RowClipStore(db).put(
    Array.from({ length: clips }, (_, at) => ({
      key: { recipe, words: textHash(`${at}`, 'paragraph') },
      clip: someClip(100),
    })),
  )
  await db.destroy()
  const aside = join(data, 'clips.db.salvage')
  renameSync(files.clips, aside)
  return aside
}

/** What SQLite does with a damaged `clips.db` of this data folder. */
function salvagedIn(data: string): Pick<WatchedFiles, 'openSalvage' | 'keepUnsalvaged'> {
  return {
    openSalvage: (aside) => new DamagedClipsReader(aside),
    keepUnsalvaged: (aside) => keepUnsalvagedFile(join(data, 'clips.db'), aside),
  }
}

async function speaks({ api }: Awaited<ReturnType<typeof startApplication>>): Promise<void> {
  const { novel } = await api.add(longStory(1, 3), 'story.txt')
  const progress = await api.finished(await api.generate(novel.id, undefined, { voice: 'odd:hum' }))
  expect(progress.status).toBe('completed')
}

test('a salvage without room is given up, and the next start tries it again', async () => {
  await using here = await startApplication()
  const { application, data } = here
  const { rows } = await sql<{ page_count: number }>`PRAGMA clips.page_count`.execute(application.db)
  const aside = await setAside(data, 300)
  await sql`PRAGMA clips.max_page_count = ${sql.raw(String(rows[0]!.page_count + 200))}`.execute(
    application.db,
  )
  application.problems.report('storage.salvaging', { folder: data })
  await salvageClips({ ...application, files: salvagedIn(data) }, aside, signal, {
    delayMs: 1,
    maxAttempts: 3,
  })
  expect(application.problems.blocking).toBeUndefined()
  expect(application.problems.all).toEqual([
    {
      code: 'storage.unsalvaged',
      message: expect.stringMatching(/no room for it\. .*kept as .*\.salvage\./),
    },
  ])
  expect(existsSync(aside)).toBe(true)
  await sql`PRAGMA clips.max_page_count = 1000000`.execute(application.db)
  await speaks(here)
})

test('a salvage that fails is given up for good, its file is kept, and the work goes on', async () => {
  await using here = await startApplication()
  const { application, data } = here
  const aside = await setAside(data, 3)
  await sql`CREATE TRIGGER clips.refuse BEFORE INSERT ON clips BEGIN SELECT RAISE(ABORT, 'no'); END`.execute(
    application.db,
  )
  application.problems.report('storage.salvaging', { folder: data })
  await salvageClips({ ...application, files: salvagedIn(data) }, aside, signal)
  expect(application.problems.all.map(({ code }) => code)).toEqual(['storage.unsalvaged'])
  expect(readdirSync(data).filter((name) => /salvage|damaged-\d+$/.test(name))).toEqual([
    expect.stringMatching(/^clips\.db\.damaged-\d+$/),
  ])
  await sql`DROP TRIGGER clips.refuse`.execute(application.db)
  await speaks(here)
})

test.skipIf(!existsSync('/dev/shm'))(
  'files of another file system go into the trash, a link to nowhere is told, and Nightjar starts',
  async () => {
    await using folder = await temporaryFolder()
    const drive = mkdtempSync('/dev/shm/nightjar-test-')
    symlinkSync(drive, join(folder.path, 'covers'))
    writeFileSync(join(drive, 'left'), 'x')
    symlinkSync('nowhere', join(drive, 'link'))
    try {
      await using here = await startApplication({ data: folder.path })
      expect(readdirSync(drive)).toEqual(['link'])
      expect(here.application.problems.all).toEqual([
        { code: 'storage.untidy', message: expect.stringContaining(join('covers', 'link')) },
      ])
      const [time] = readdirSync(join(folder.path, 'trash'))
      expect(readdirSync(join(folder.path, 'trash', time!, 'covers'))).toEqual(['left'])
    } finally {
      rmSync(drive, { recursive: true })
    }
  },
)
