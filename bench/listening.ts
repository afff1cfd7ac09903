import type { Browser, Page } from 'playwright-core'
import { captureAudioElement } from '../test/browser/audio-playback.ts'
import { launchChromium } from '../test/browser/chromium.ts'
import { longStory } from '../test/fixtures/long-story.ts'
import type { ServerProcess } from '../test/program/server-process.ts'
import { figure, median, percentile } from './figures.ts'
import type { Measured, Row } from './report.ts'
import { startServerUnderTest } from './server-under-test.ts'

/** A quick engine, whose own time for a sentence is a few milliseconds. */
const voice = 'espeak:en-us'
const pressBudgetMs = 150
const gapBudgetMs = 50
/** Two and a half minutes behind the play head and two ahead, and a sentence at each end. */
const bufferBudgetSeconds = 300
const heapBudgetMb = 60

/** From a press in a real browser to sound, from chapter to chapter, and what an hour of listening leaves in the page. */
export async function measureListening(quick: boolean): Promise<Measured> {
  const browser = await launchChromium()
  if (!browser) throw new Error('There is no Chromium on this machine')
  try {
    await using underTest = await startServerUnderTest()
    return { rows: await rowsIn(browser, underTest.server, quick) }
  } finally {
    await browser.close()
  }
}

async function rowsIn(browser: Browser, server: ServerProcess, quick: boolean): Promise<Row[]> {
  const presses = quick ? 2 : 8
  const add = async (chapters: number, sentences: number, name: string): Promise<string> => {
    const { novel } = await server.add(longStory(chapters, sentences), name)
    await patchVoice(server, novel.id)
    return novel.id
  }
  const numbers = Array.from({ length: presses }, (_, at) => at + 1)
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript(captureAudioElement)
  const page = await context.newPage()
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
  await server.finished(await server.generate(made, undefined, { voice }))
  const half = await add(presses, 120, 'half.txt')
  for (const number of numbers) {
    const begun = await server.generate(half, [number], { voice })
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
  await server.generate(busy, undefined, { voice, priority: 50 })
  row(
    'one that nobody asked for, its last third, behind a busy queue',
    await times(await add(presses, 60, 'behind.txt'), 45),
  )

  const gaps: number[] = []
  for (const number of numbers.slice(0, -1)) {
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
  rows.push(...(await anHour(page, server, busy, quick ? 6 : 30)))
  return rows
}

async function patchVoice(server: ServerProcess, novelId: string): Promise<void> {
  await server.fetch(`/api/novels/${novelId}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ voice }),
  })
}

/** Milliseconds from a press on a sentence until the clock of its sound moves. */
function pressToSound(page: Page, segment: number): Promise<number> {
  return page.evaluate(async (index) => {
    const began = performance.now()
    let from: number | undefined
    document.querySelector<HTMLElement>(`[data-segment="${index}"]`)?.click()
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      const { sound } = globalThis
      if (!sound || sound.paused || sound.seeking || sound.readyState < 3) continue
      from ??= sound.currentTime
      if (sound.currentTime > from) return performance.now() - began - (sound.currentTime - from) * 1000
      if (performance.now() - began > 20_000) throw new Error('no sound came')
    }
  }, segment)
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

/** Jumps through an hour of a chapter that is played as a stream, and looks at what stays in the page. */
async function anHour(page: Page, server: ServerProcess, novelId: string, jumps: number): Promise<Row[]> {
  await page.goto(new URL(`/novels/${novelId}/chapters/1`, server.address).href)
  await page.locator('[data-segment="0"]').waitFor()
  await pressToSound(page, 0)
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable')
  const heapMb = async (): Promise<number> => {
    await cdp.send('HeapProfiler.collectGarbage')
    const { metrics } = await cdp.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 2 ** 20
  }
  const before = await heapMb()
  let longest = 0
  for (let jump = 0; jump < jumps; jump++) {
    const seconds = await page.evaluate(async () => {
      const sound = globalThis.sound!
      const ahead = () => (sound.buffered.length > 0 ? sound.buffered.end(sound.buffered.length - 1) : 0)
      const until = performance.now() + 15_000
      while (ahead() - sound.currentTime < 100 && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 20))
      sound.currentTime = ahead() - 5
      let all = 0
      for (let at = 0; at < sound.buffered.length; at++)
        all += sound.buffered.end(at) - sound.buffered.start(at)
      return all
    })
    longest = Math.max(longest, seconds)
  }
  const minutes = (await page.evaluate(() => globalThis.sound!.currentTime)) / 60
  const grown = (await heapMb()) - before
  return [
    {
      what: `sound in the page’s buffer at most, over ${figure(minutes)} minutes of fragments`,
      budget: `≤ ${bufferBudgetSeconds} s`,
      measured: `${figure(longest)} s`,
      met: longest <= bufferBudgetSeconds,
    },
    {
      what: 'growth of the page’s heap over them',
      budget: `≤ ${heapBudgetMb} MB`,
      measured: `${figure(grown)} MB`,
      met: grown <= heapBudgetMb,
    },
  ]
}
