import type { Page } from 'playwright-core'
import { longStory } from '../test/fixtures/long-story.ts'
import { figure, median, percentile } from './figures.ts'
import { addQuick, inBrowser, type PageUnderTest, pressToSound, quickVoice } from './page-under-test.ts'
import type { Measured, Row } from './report.ts'

const pressBudgetMs = 150
const gapBudgetMs = 50

/** From a press in a real browser to sound, and from chapter to chapter. */
export async function measureListening(quick: boolean): Promise<Measured> {
  return { rows: await inBrowser((underTest) => rowsIn(underTest, quick)) }
}

async function rowsIn({ server, page }: PageUnderTest, quick: boolean): Promise<Row[]> {
  const presses = quick ? 2 : 8
  const add = (chapters: number, sentences: number, name: string): Promise<string> =>
    addQuick(server, longStory(chapters, sentences), name)
  const numbers = Array.from({ length: presses }, (_, at) => at + 1)
  const press = async (novelId: string, number: number, segment: number): Promise<number> => {
    await page.goto(new URL(`/novels/${novelId}/chapters/${number}`, server.address).href)
    await page.locator(`[data-segment="${segment}"]`).waitFor()
    return pressToSound(page, segment)
  }
  const rows: Row[] = []
  const row = (where: string, times: readonly number[]): void => {
    const p95 = percentile(times, 0.95)
    rows.push({
      what: `a press → sound in a browser, ${where} (p95 of ${times.length})`,
      budget: `≤ ${pressBudgetMs} ms`,
      measured: `${figure(p95)} ms (median ${figure(median(times))})`,
      met: p95 <= pressBudgetMs,
    })
  }

  const made = await add(presses, 12, 'made.txt')
  await server.finished(await server.generate(made, undefined, { voice: quickVoice }))
  const half = await add(presses, 120, 'half.txt')
  for (const number of numbers) {
    const begun = await server.generate(half, [number], { voice: quickVoice })
    await server.until(begun, ({ segmentsDone }) => segmentsDone >= 30)
    await server.post(`/api/worker/progress/${begun}/pause`, {})
  }
  const unmade = await add(presses, 12, 'unmade.txt')
  const times = async (novelId: string, segment: number): Promise<number[]> => {
    const all: number[] = []
    for (const number of numbers) all.push(await press(novelId, number, segment))
    return all
  }
  row('a chapter that is made', await times(made, 3))
  row('one that is half made', await times(half, 3))
  row('one that nobody asked for', await times(unmade, 3))
  const busy = await add(3, 4000, 'busy.txt')
  await server.generate(busy, undefined, { voice: quickVoice, priority: 50 })
  row(
    'one that nobody asked for, its last third, behind a busy queue',
    await times(await add(presses, 60, 'behind.txt'), 45),
  )

  const gaps: number[] = []
  for (const number of numbers.slice(0, quick ? 1 : 4)) {
    await press(made, number, 11)
    gaps.push(await gapAfter(page))
  }
  const longest = Math.max(...gaps)
  rows.push({
    what: `silence between two chapters beyond their own (longest of ${gaps.length}; below 0: they overlap in silence)`,
    budget: `≤ ${gapBudgetMs} ms`,
    measured: `${figure(longest)} ms (median ${figure(median(gaps))})`,
    met: longest <= gapBudgetMs,
  })
  return rows
}

/** Milliseconds from the end of the chapter that is heard to the beginning of the next; by the clocks of both sounds. */
function gapAfter(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const first = globalThis.sound!
    let ends = Infinity
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 4))
      const { sound } = globalThis
      if (sound === first && !first.paused && first.duration - first.currentTime > 0.1)
        ends = performance.now() + (first.duration - first.currentTime) * 1000
      if (sound && sound !== first && !sound.paused && sound.currentTime > 0.2)
        return performance.now() - sound.currentTime * 1000 - ends
    }
  })
}
