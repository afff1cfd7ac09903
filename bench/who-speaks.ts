import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { attributeChapter } from '../src/cast/attribution.ts'
import { collectEvidence, noEvidence } from '../src/cast/name-evidence.ts'
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
      languagesRow(),
      {
        what: `finding who speaks in ${book.name} (${figure(characters / 1e6)} million characters, ${cast.characters.length} characters found), for each 100,000 characters`,
        budget: `≤ ${maxSeconds} s`,
        measured: `${figure(each)} s`,
        met: cast.state === 'ready' && each <= maxSeconds,
      },
    ],
  }
}

/** Passages of the tests, by language. */
const passages: Readonly<Record<string, string>> = {
  en: 'war-and-peace',
  de: 'die-verwandlung',
  zh: 'xiyouji',
  fr: 'le-phare',
  es: 'don-quijote',
  vi: 'ben-do',
}

/** CPU seconds for each 100,000 characters in each language, of chapters of about 20,000. */
function languagesRow(): Measured['rows'][number] {
  const measured = Object.entries(passages).map(([language, name]) => {
    const passage = readFileSync(new URL(`../test/fixtures/cast/${name}.txt`, import.meta.url), 'utf8')
    const paragraphs = passage.trimEnd().split('\n')
    const texts = Array.from({ length: Math.ceil(20_000 / passage.length) }, () => paragraphs).flat()
    const blocks = texts.map((text) => ({ kind: 'paragraph' as const, text }))
    const chapters = Math.ceil(1_000_000 / texts.reduce((sum, { length }) => sum + length, 0))
    const characters = chapters * texts.reduce((sum, { length }) => sum + length, 0)
    const before = process.cpuUsage()
    const evidence = noEvidence()
    for (let at = 0; at < chapters; at++) collectEvidence(blocks, language, evidence)
    for (let at = 0; at < chapters; at++) attributeChapter(blocks, language, evidence)
    const { user, system } = process.cpuUsage(before)
    return { language, seconds: ((user + system) / 1e6) * (100_000 / characters) }
  })
  return {
    what: 'who speaks, CPU for each 100,000 characters, by language',
    budget: `≤ ${maxSeconds} s`,
    measured: measured.map(({ language, seconds }) => `${language} ${figure(seconds)} s`).join(', '),
    met: measured.every(({ seconds }) => seconds <= maxSeconds),
  }
}
