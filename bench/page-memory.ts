import { longStory } from '../test/fixtures/long-story.ts'
import { figure } from './figures.ts'
import { addQuick, inBrowser, type PageUnderTest, pressToSound, quickVoice } from './page-under-test.ts'
import type { Measured, Row } from './report.ts'

/** Two and a half minutes behind the play head and two ahead, and a sentence at each end. */
const bufferBudgetSeconds = 300
const heapBudgetMb = 60

/** What an hour of listening to a chapter that is being made leaves in the page. */
export async function measurePageMemory(quick: boolean): Promise<Measured> {
  return { rows: await inBrowser((underTest) => anHour(underTest, quick ? 6 : 30)) }
}

/** Jumps through an hour of a chapter that is played as a stream, and looks at what stays in the page. */
async function anHour({ server, page }: PageUnderTest, jumps: number): Promise<Row[]> {
  const novelId = await addQuick(server, longStory(1, 1500), 'hour.txt')
  await server.generate(novelId, undefined, { voice: quickVoice })
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
