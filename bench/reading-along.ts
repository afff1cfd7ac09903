import type { Page } from 'playwright-core'
import { captureAudioElement } from '../test/browser/audio-playback.ts'
import { launchChromium } from '../test/browser/chromium.ts'
import { longStory } from '../test/fixtures/long-story.ts'
import { temporaryFolder } from '../test/program/temporary-folder.ts'
import type { Chapter } from '../src/http/contract/novel-contract.ts'
import { figure, median, percentile } from './figures.ts'
import type { Measured } from './report.ts'
import { startServerUnderTest } from './server-under-test.ts'
import { spokenFolder } from './spoken-folder.ts'

const maxLagMs = 50
const maxOpenMs = 300
const voice = 'espeak:en-us'

/** The page in a real browser: how far the word mark lags behind the sound, and a chapter of 2,000 sentences. */
export async function measureReadingAlong(quick: boolean): Promise<Measured> {
  await using browser = await launchChromium()
  if (!browser) throw new Error('There is no browser to measure in')
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript(captureAudioElement)
  const page = await context.newPage()
  const lags = await wordLags(page, quick ? 100 : 500)
  const opened = await longChapter(page, quick ? 3 : 9)
  const lag = percentile(lags, 0.95)
  const open = median(opened.openMs)
  return {
    rows: [
      {
        what: `word mark behind the clock of the sound, p95 of ${lags.length} words`,
        budget: `≤ ${maxLagMs} ms`,
        measured: `${figure(lag)} ms (median ${figure(median(lags))})`,
        met: lag <= maxLagMs,
      },
      {
        what: 'a chapter of 2,000 spoken sentences, from the press to its text on the screen',
        budget: `≤ ${maxOpenMs} ms`,
        measured: `${figure(open)} ms (most ${figure(Math.max(...opened.openMs))})`,
        met: open <= maxOpenMs,
      },
      {
        what: 'frames dropped while that chapter is scrolled through, of those due',
        budget: 'none',
        measured: `${opened.dropped} of ${opened.frames}`,
        met: opened.dropped === 0,
      },
    ],
  }
}

/** Milliseconds of sound between the begin of each word and its mark. */
async function wordLags(page: Page, count: number): Promise<number[]> {
  await using underTest = await startServerUnderTest()
  const { server } = underTest
  const { novel } = await server.add(longStory(1, Math.ceil(count / 8)), 'words.txt')
  await server.fetch(`/api/novels/${novel.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ voice }),
  })
  await server.finished(await server.generate(novel.id))
  const { chapter } = await server.json<{ chapter: Chapter }>(`/api/novels/${novel.id}/chapters/1`)
  await page.goto(new URL(`/novels/${novel.id}/chapters/1`, server.address).href)
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

/** Opens a long chapter from its novel's page, again and again, and scrolls through it once. */
async function longChapter(
  page: Page,
  times: number,
): Promise<{ openMs: number[]; frames: number; dropped: number }> {
  await using folder = await temporaryFolder()
  await spokenFolder(folder.path, longStory(1, 2000), { wordsPerClip: 15 })
  await using underTest = await startServerUnderTest(folder.path)
  const { server } = underTest
  const { novels } = await server.json<{ novels: { id: string }[] }>('/api/novels')
  const id = novels[0]!.id
  const openMs: number[] = []
  for (let time = 0; time < times; time++) {
    await page.goto(new URL(`/novels/${id}`, server.address).href)
    await page.locator('.chapter-list a').first().waitFor()
    await page.waitForLoadState('networkidle').catch(() => undefined)
    openMs.push(
      await page.evaluate(async () => {
        const before = performance.now()
        document.querySelector<HTMLElement>('a[href$="/chapters/1"]')!.click()
        while (!document.querySelector('[data-segment="1999"]')) await new Promise(requestAnimationFrame)
        // The frame after the one in which the text was laid out.
        await new Promise(requestAnimationFrame)
        return performance.now() - before
      }),
    )
  }
  const { frames, dropped } = await page.evaluate(async () => {
    const times: number[] = []
    for (let frame = 0; frame < 300; frame++) {
      times.push(await new Promise<number>(requestAnimationFrame))
      scrollBy(0, 240)
    }
    const gaps = times.slice(1).map((time, at) => time - times[at]!)
    return {
      frames: gaps.length,
      dropped: gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / (1000 / 60)) - 1), 0),
    }
  })
  return { openMs, frames, dropped }
}
