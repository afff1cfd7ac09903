import type { Chapter } from '../src/http/contract/novel-contract.ts'
import { longStory } from '../test/fixtures/long-story.ts'
import { figure, median, percentile } from './figures.ts'
import { addQuick, inBrowser, type PageUnderTest } from './page-under-test.ts'
import type { Measured } from './report.ts'

const maxLagMs = 50

/** How far the word mark lags behind the sound in a real browser. A voice says some 160 words a minute. */
export async function measureReadingAlong(quick: boolean): Promise<Measured> {
  const lags = await inBrowser((underTest) => wordLags(underTest, quick ? 40 : 160))
  const lag = percentile(lags, 0.95)
  return {
    rows: [
      {
        what: `word mark behind the clock of the sound, p95 of ${lags.length} words`,
        budget: `≤ ${maxLagMs} ms`,
        measured: `${figure(lag)} ms (median ${figure(median(lags))})`,
        met: lag <= maxLagMs,
      },
    ],
  }
}

/** Milliseconds of sound between the begin of each word and its mark. */
async function wordLags({ server, page }: PageUnderTest, count: number): Promise<number[]> {
  const id = await addQuick(server, longStory(1, Math.ceil(count / 8)), 'words.txt')
  await server.finished(await server.generate(id))
  const { chapter } = await server.json<{ chapter: Chapter }>(`/api/novels/${id}/chapters/1`)
  await page.goto(new URL(`/novels/${id}/chapters/1`, server.address).href)
  await page.getByRole('button', { name: 'Listen' }).click()
  const marks = await page.evaluate(async (wanted) => {
    const seen: { segment: number; start: number; at: number }[] = []
    let last = ''
    while (seen.length < wanted && !globalThis.sound!.ended) {
      await new Promise(requestAnimationFrame)
      const [range] = [...(CSS.highlights.get('spoken-word') ?? [])] as Range[]
      const span = range?.startContainer.parentElement?.closest<HTMLElement>('[data-segment]')
      if (!range || !span) continue
      const start = Number(span.dataset['start']) + range.startOffset
      const segment = Number(span.dataset['segment'])
      const now = `${segment}/${start}`
      if (now !== last) seen.push({ segment, start, at: globalThis.sound!.currentTime })
      last = now
    }
    return seen
  }, count)
  // The first mark comes with the first sound, whenever that was.
  return marks.slice(1).flatMap(({ segment, start, at }) => {
    const word = chapter.segments[segment]?.words?.find((each) => each.start === start)
    return word ? [Math.max(0, (at - word.from) * 1000)] : []
  })
}
