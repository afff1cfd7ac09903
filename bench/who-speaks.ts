import { setTimeout as wait } from 'node:timers/promises'
import type { CastView } from '../src/http/contract/cast-contract.ts'
import { largeText } from './books.ts'
import { figure } from './figures.ts'
import type { Measured } from './report.ts'
import { startServerUnderTest } from './server-under-test.ts'

const maxSeconds = 1

/** From the request to the cast: seconds for each 100,000 characters of a large book, with what is read and stored. */
export async function measureWhoSpeaks(): Promise<Measured> {
  await using underTest = await startServerUnderTest()
  const { server } = underTest
  const book = largeText()
  const { novel, chapters } = await server.add(book.bytes, book.fileName)
  const characters = chapters.reduce((sum, chapter) => sum + chapter.characters, 0)
  const path = `/api/novels/${novel.id}/cast`
  const before = performance.now()
  await server.post(`${path}/analysis`, {})
  let cast: CastView
  do {
    await wait(20)
    cast = (await server.json<{ cast: CastView }>(path)).cast
  } while (cast.state === 'analysing')
  const seconds = (performance.now() - before) / 1000
  const each = (seconds * 100_000) / characters
  return {
    rows: [
      {
        what: `finding who speaks in ${book.name} (${figure(characters / 1e6)} million characters, ${cast.characters.length} characters found), for each 100,000 characters`,
        budget: `≤ ${maxSeconds} s`,
        measured: `${figure(each)} s`,
        met: cast.state === 'ready' && each <= maxSeconds,
      },
    ],
  }
}
