import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { begunNovels } from '../src/storage/queries/begun-queries.ts'
import { bookmarksOf } from '../src/storage/queries/bookmark-queries.ts'
import { settingsOf } from '../src/storage/queries/listener-queries.ts'
import { listeningDays } from '../src/storage/queries/listening-day-queries.ts'
import { heardCounts, positionOf } from '../src/storage/queries/playback-queries.ts'
import { insertSmallNovel } from './fixtures/small-novel.ts'
import { openTestStorage } from './program/open-storage.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

const program = fileURLToPath(new URL('./program/listener-process.ts', import.meta.url))
const parts = ['heard', 'position', 'begun', 'hours', 'bookmark', 'settings'] as const

test('what belongs to a listener is there, whole, when its process is killed after any of its writes', async () => {
  await using folder = await temporaryFolder()
  const made = await openTestStorage(folder.path)
  const sentences = ['One.', 'Two.']
  const novelId = await insertSmallNovel(made, [sentences, sentences, sentences])
  await made.destroy()
  const of = { listener: 'home', novelId }
  let round = 1
  for (const part of parts) {
    const args = [program, folder.path, novelId, String(round)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let told = ''
    child.stdout.on('data', (chunk) => (told += String(chunk)))
    while (!told.includes(`${part} ${round + 3}`)) await once(child.stdout, 'data')
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
    const last = (what: string): number =>
      Math.max(0, ...[...told.matchAll(new RegExp(`${what} (\\d+)`, 'g'))].map((match) => Number(match[1])))

    const db = await openTestStorage(folder.path)
    // Each is as it was told, or one write further, and nothing of it is half.
    const between = (found: number, what: string): void => {
      expect(found, what).toBeGreaterThanOrEqual(last(what))
      expect(found, what).toBeLessThanOrEqual(last(what) + 1)
    }
    const position = (await positionOf(db, of))?.seconds ?? 0
    between(position, 'position')
    // Unless the next place was stored behind it, by which it is listed again.
    if (position === last('begun') && position % 2 === 1) expect(await begunNovels(db, 'home', 1)).toEqual([])
    if (position === last('begun') && position % 2 === 0)
      expect((await begunNovels(db, 'home', 1)).length).toBe(
        (await heardCounts(db, 'home', novelId)).size === 3 ? 0 : 1,
      )
    const [day] = await listeningDays(db, 'home', ['2026-11-29', '2026-11-29'])
    between(day?.wallSeconds ?? 0, 'hours')
    expect(day?.audioSeconds).toBe(2 * (day?.wallSeconds ?? 0))
    const settings = (await settingsOf(db, of)) as { player: { rate: number }; reading: { size: number } }
    between(settings.player.rate, 'settings')
    expect(settings.reading.size).toBe(settings.player.rate)
    const bookmarks = await bookmarksOf(db, of)
    const ids = bookmarks.map(({ id }) => id)
    for (const [, id] of told.matchAll(/bookmark (\d+)/g)) expect(ids).toContain(id)
    for (const { id, note, quote, segment } of bookmarks)
      expect([note, quote]).toEqual([`Note ${id}`, sentences[segment]])
    // Three chapters at once, or none of them.
    expect([0, 3]).toContain((await heardCounts(db, 'home', novelId)).size)
    round = Math.max(...parts.map(last)) + 1
    await db.destroy()
  }
})
