import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { plainSegments } from '../../src/lexicon/lexicon-segments.ts'
import { chaptersOf, segmentsOf } from '../../src/storage/queries/chapter-queries.ts'
import { lexiconBook } from '../../src/storage/queries/lexicon-book-queries.ts'
import { fineNames } from '../../src/storage/queries/fine-name-queries.ts'
import { entriesOf } from '../../src/storage/queries/lexicon-queries.ts'
import { insertSmallNovel } from '../fixtures/small-novel.ts'
import { startApplication } from '../program/in-process-application.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'

const program = fileURLToPath(new URL('../program/lexicon-process.ts', import.meta.url))
const chapters = [
  ['The road to Zorphane.', 'It rained.'],
  ['Nobody came.'],
  ['Zorphane’s mill stood still.', 'They went to ZORPHANE.'],
]
/** What a killed process had said last: in the middle of bringing the book up to date, and behind it. */
const moments = ['kept', 'told']

test('a word that is kept when the power fails is said so in all of the book after the next start', async () => {
  await using folder = await temporaryFolder()
  const data = folder.path
  let novelId = ''
  {
    await using here = await startApplication({ data, work: false })
    novelId = await insertSmallNovel(here.application.db, chapters)
  }
  for (const moment of moments) {
    const child = spawn(process.execPath, [program, data, novelId], { stdio: ['ignore', 'pipe', 'inherit'] })
    let told = ''
    child.stdout.on('data', (chunk) => (told += String(chunk)))
    while (!told.includes(moment)) await once(child.stdout, 'data')
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended

    await using here = await startApplication({ data, work: false })
    const { db } = here.application
    await waitUntil(async () => (await lexiconBook(db, novelId))?.state === 'applied')
    const [entry] = await entriesOf(db, { scope: 'all', key: '', novelId: null })
    // What was told to be kept is.
    const last = Math.max(...[...told.matchAll(/kept (\d+)\n/g)].map(([, round]) => Number(round)))
    expect(Number(entry?.words?.slice('Zed '.length))).toBeGreaterThanOrEqual(last)
    const fine = await fineNames(db, novelId)
    for (const [, round] of told.matchAll(/fine (\d+)\n/g)) expect(fine).toContain(`name${round}`)
    const rows = await chaptersOf(db, novelId)
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3])
    const segments = await Promise.all(rows.map(({ id }) => segmentsOf(db, id)))
    expect(segments.map((own) => own.map(({ spoken }) => spoken))).toEqual(
      chapters.map((own) => own.map((text) => text.replace(/zorphane/i, entry!.words!))),
    )
    expect(segments.map((own) => plainSegments(own).map(({ spoken }) => spoken))).toEqual(chapters)
  }
})
