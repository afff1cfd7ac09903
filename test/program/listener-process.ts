import { listBegun } from '../../src/storage/queries/begun-queries.ts'
import { saveBookmark } from '../../src/storage/queries/bookmark-queries.ts'
import { markHeard } from '../../src/storage/queries/heard-mark-queries.ts'
import { changeSettings } from '../../src/storage/queries/listener-queries.ts'
import { saveListening } from '../../src/storage/queries/listening-day-queries.ts'
import { savePosition } from '../../src/storage/queries/playback-queries.ts'
import { openTestStorage } from './open-storage.ts'

/** Writes all that belongs to a listener again and again, and says each that is written, until it is killed. */
const [folder = '', novelId = '', first = '1'] = process.argv.slice(2)
const db = await openTestStorage(folder)
const of = { listener: 'home', novelId }
const tell = (what: string, round: number) => process.stdout.write(`${what} ${round}\n`)
for (let round = Number(first); ; round++) {
  const chapters = round % 2 === 0 ? [] : [[0, 1] as const]
  await markHeard(
    db,
    of,
    [1, 2, 3].map((chapterNumber) => ({ chapterNumber, ranges: chapters })),
  )
  tell('heard', round)
  await savePosition(db, of, { chapterNumber: 1, segment: 0, seconds: round })
  tell('position', round)
  await listBegun(db, of, round % 2 === 0)
  tell('begun', round)
  const totals = { wallSeconds: round, audioSeconds: 2 * round }
  await saveListening(db, { ...of, day: '2026-11-29', sitting: 'a', ...totals })
  tell('hours', round)
  await saveBookmark(db, of, { id: String(round), chapterNumber: 1, at: round % 2, note: `Note ${round}` })
  tell('bookmark', round)
  await changeSettings(db, of, { player: { rate: round }, reading: { size: round } })
  tell('settings', round)
}
