import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { RowClipStore } from '../src/storage/clips/row-clip-store.ts'
import { openDatabase } from '../src/storage/sqlite/sqlite-database.ts'
import { bytesToHash } from '../src/storage/queries/column-values.ts'
import type { Clip } from '../src/novel/clip.ts'
import { ServerProcess } from '../test/program/server-process.ts'

const framesPerSecond = 24_000 / 1024
/** At 64 kb/s. */
const bytesPerFrame = 340
const clipsPerCommit = 200

/**
 * Creates a data folder with one completely spoken novel without synthesis: the clips have real keys, counts and sizes,
 * but no audio. `chapters`: only so many are spoken, and the generation stays paused.
 */
export async function spokenFolder(
  data: string,
  book: Uint8Array<ArrayBuffer>,
  {
    voice = 'espeak:en-us',
    secondsPerClip = 4.5,
    chapters,
    wordsPerClip = 1,
  }: { voice?: string; secondsPerClip?: number; chapters?: number; wordsPerClip?: number } = {},
): Promise<void> {
  {
    await using server = await ServerProcess.start({ data, speakers: availableParallelism() })
    const { novel } = await server.add(book, 'book.txt')
    await server.fetch(`/api/novels/${novel.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ voice }),
    })
    // Requested once, so that its recipe is stored.
    const progressId = await server.generate(novel.id)
    await server.post(`/api/worker/progress/${progressId}/pause`, {})
    await server.stop()
  }
  const files = { folder: data, nightjar: join(data, 'nightjar.db'), clips: join(data, 'clips.db') }
  const { db } = openDatabase(files)
  try {
    const generation = await db.selectFrom('generations').select(['id', 'casting']).executeTakeFirstOrThrow()
    const rows = await db
      .selectFrom('segments')
      .innerJoin('chapters', 'chapters.id', 'chapterId')
      .select('words')
      .where('number', '<=', chapters ?? Infinity)
      .distinct()
      .execute()
    for (let at = 0; at < rows.length; at += clipsPerCommit) {
      const clips = rows.slice(at, at + clipsPerCommit).map(({ words }) => ({
        key: { recipe: bytesToHash(generation.casting), words: bytesToHash(words) },
        clip: quietClip(Math.round(secondsPerClip * framesPerSecond), wordsPerClip),
      }))
      await new RowClipStore(db).put(clips)
    }
    if (chapters !== undefined) return
    await db.updateTable('generations').set({ completedAt: new Date().toISOString() }).execute()
  } finally {
    await db.destroy()
  }
}

function quietClip(frames: number, words: number): Clip {
  return {
    adts: new Uint8Array(frames * (bytesPerFrame + 7)).fill(0x55),
    frameSizes: Array.from({ length: frames }, () => bytesPerFrame),
    words: Array.from({ length: words }, (_, at) => ({
      start: at * 5,
      end: at * 5 + 3,
      from: 0.1 + at * 0.27,
      to: 0.3 + at * 0.27,
    })),
  }
}
