import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { longStory } from '../../../test/fixtures/long-story.ts'
import { emptyDatabase } from '../../../test/fixtures/small-novel.ts'
import { toStoredChapter } from '../../novel/stored-chapter.ts'
import { openDataFolder } from '../../storage/local/data-paths.ts'
import { FolderObjectStore } from '../../storage/folder/folder-object-store.ts'
import { receiveFile } from '../../storage/local/temporary-files.ts'
import { InProcessLock } from '../../storage/in-process/in-process-lock.ts'
import { sourceKey } from '../../storage/object-keys.ts'
import { chaptersOf } from '../../storage/queries/chapter-queries.ts'
import { hideNovel } from '../../storage/queries/deletion-queries.ts'
import { insertNovel, listNovels } from '../../storage/queries/novel-queries.ts'
import { importNovel } from '../import/novel-commands.ts'
import { recoverNovel } from './recover-sources.ts'

const id = '01939f2c-0000-7000-8000-000000000001'

test('a source that is re-imported while its file is uploaded gives one novel with all its chapters', async () => {
  const db = await emptyDatabase()
  const folder = openDataFolder(await mkdtemp(join(tmpdir(), 'nightjar-recover-')))
  const lock = new InProcessLock()
  const bytes = longStory(12, 12)
  const objects = new FolderObjectStore(folder.root, folder.temporary)
  await objects.put(sourceKey(id), bytes)
  await using file = await receiveFile(folder, Readable.from([bytes]))
  const [, { novel }] = await Promise.all([
    recoverNovel({ db, folder, objects, lock }, id),
    importNovel({ db, folder, objects, lock }, file, 'story.txt'),
  ])
  const novels = await listNovels(db, undefined, { limit: 10, offset: 0 })
  expect(novels).toEqual([novel])
  expect(novel.sourceSha256).toBe(file.sha256)
  expect(await chaptersOf(db, novel.id)).toHaveLength(12)
  expect((await readdir(folder.sources)).filter((name) => !name.endsWith('.json'))).toEqual([novel.id])
  await db.destroy()
})

test('a novel that is hidden during its import stays hidden', async () => {
  const db = await emptyDatabase()
  const block = { kind: 'paragraph' as const, text: 'One.' }
  const segment = { block: 0, start: 0, end: 4, spoken: 'One.', edits: [], pause: 'paragraph' as const }
  const one = toStoredChapter(
    { title: 'One', matter: 'body', blocks: [block], skips: [] },
    { segments: [segment], skips: [] },
  )
  async function* chapters() {
    yield [one]
    await hideNovel(db, id)
  }
  const known = { format: 'text', evidence: 'whole-text', chapters: 1, characters: 4 } as const
  const report = { ...known, skipped: {}, remarks: [] }
  const head = { title: 'One', author: '', language: 'en', report }
  const written = insertNovel(db, { id, sha256: 'a', sourceName: 'a.txt', head, chapters: chapters() })
  await expect(written).rejects.toThrow('was hidden during its import')
  expect(await listNovels(db, undefined, { limit: 10, offset: 0 })).toEqual([])
  await db.destroy()
})
