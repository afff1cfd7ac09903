import { longStory } from '../test/fixtures/long-story.ts'
import { temporaryFolder } from '../test/program/temporary-folder.ts'
import { figure, median } from './figures.ts'
import { inBrowser, type PageUnderTest } from './page-under-test.ts'
import type { Measured } from './report.ts'
import { spokenFolder } from './spoken-folder.ts'

const maxOpenMs = 300

/** A chapter of 2,000 sentences in a real browser. */
export async function measureLongChapter(quick: boolean): Promise<Measured> {
  await using folder = await temporaryFolder()
  await spokenFolder(folder.path, longStory(1, 2000), { wordsPerClip: 15 })
  const { openMs, frames, dropped } = await inBrowser(
    (underTest) => openAndScroll(underTest, quick ? 3 : 9),
    folder.path,
  )
  const open = median(openMs)
  return {
    rows: [
      {
        what: 'a chapter of 2,000 spoken sentences, from the press to its text on the screen',
        budget: `≤ ${maxOpenMs} ms`,
        measured: `${figure(open)} ms (most ${figure(Math.max(...openMs))})`,
        met: open <= maxOpenMs,
      },
      {
        what: 'frames dropped while that chapter is scrolled through, of those due',
        budget: 'none',
        measured: `${dropped} of ${frames}`,
        met: dropped === 0,
      },
    ],
  }
}

/** Opens a long chapter from its novel's page, again and again, and scrolls through it once. */
async function openAndScroll(
  { server, page }: PageUnderTest,
  times: number,
): Promise<{ openMs: number[]; frames: number; dropped: number }> {
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
