import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { longStory } from '../fixtures/long-story.ts'
import { expectPlayback } from './audio-playback.ts'
import { eventually, test } from './browser.ts'

test.override('speakers', 1)

interface Sample {
  /** The clock of the sound before and after the mark was looked at. */
  readonly from: number
  readonly to: number
  /** Segment, and `[start, end)` in its block; `undefined`: nothing is marked. */
  readonly marked: { segment: number; start: number; end: number; text: string } | undefined
}

/** Looks at the mark so many times, after the work of a frame, some frames apart. */
function samplesOf(page: Page, count: number): Promise<Sample[]> {
  return page.evaluate(async (wanted) => {
    const samples: Sample[] = []
    while (samples.length < wanted) {
      const pause = 3 + (samples.length % 5)
      for (let frame = 0; frame < pause; frame++) await new Promise(requestAnimationFrame)
      const from = globalThis.sound!.currentTime
      const before = performance.now()
      await new Promise((resolve) => setTimeout(resolve))
      const [range] = [...(CSS.highlights.get('spoken-word') ?? [])] as Range[]
      // A machine that was busy elsewhere tells nothing of the page.
      if (performance.now() - before > 30) continue
      const span = range?.startContainer.parentElement?.closest<HTMLElement>('[data-segment]')
      const start = Number(span?.dataset['start']) + (range?.startOffset ?? 0)
      samples.push({
        from,
        to: globalThis.sound!.currentTime,
        marked:
          range && span
            ? {
                segment: Number(span.dataset['segment']),
                start,
                end: start + range.toString().length,
                text: range.toString(),
              }
            : undefined,
      })
    }
    return samples
  }, count)
}

/** Seconds by which the mark may be behind the sound. */
const lag = 0.05

/** Those samples whose mark is on no word that the clock showed within the time that the mark may lag. */
function wrongOnes(samples: readonly Sample[], { segments, blocks }: Chapter): unknown[] {
  const words = segments.flatMap(({ index, block, words: own = [], from = 0, seconds = 0 }) =>
    own.map((word, at) => ({
      ...word,
      segment: index,
      text: blocks[block]?.text.slice(word.start, word.end),
      until: own[at + 1]?.from ?? from + seconds,
    })),
  )
  return samples.filter(({ from, to, marked }) => {
    const due = words.filter((word) => word.from <= to && word.until >= from - lag)
    if (!marked) return due.some((word) => word.from < from - lag && word.until > to)
    return !due.some(
      ({ segment, start, end, text }) =>
        marked.segment === segment && marked.start === start && marked.end === end && marked.text === text,
    )
  })
}

test('the marked word is the one whose time the clock of the sound shows, at any speed and after a jump', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1, 40), 'words.txt')
  await nightjar.fetch(`/api/novels/${novel.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ voice: 'espeak:en-us' }),
  })
  await nightjar.finished(await nightjar.generate(novel.id))
  const answer = await nightjar.fetch(`/api/novels/${novel.id}/chapters/1`)
  const { chapter } = (await answer.json()) as { chapter: Chapter }
  const page = await device(`/novels/${novel.id}/chapters/1`)
  await page.getByRole('button', { name: 'Listen' }).click()
  await expectPlayback(page, 0.5)
  const samples = await samplesOf(page, 25)
  await page.locator('[data-segment="20"]').click()
  await page.locator('[data-heard][data-segment="20"]').waitFor()
  samples.push(...(await samplesOf(page, 15)))
  await page.getByRole('combobox', { name: 'Speed of playing' }).selectOption('2 ×')
  samples.push(...(await samplesOf(page, 20)))
  expect(wrongOnes(samples, chapter)).toEqual([])
  expect(samples.filter(({ marked }) => marked).length).toBeGreaterThan(50)
  expect(new Set(samples.map(({ marked }) => marked?.start)).size).toBeGreaterThan(5)

  // Paused it stays; a chapter that is left takes its mark along.
  await page.keyboard.press('Space')
  await eventually(async () => expect(await page.evaluate(() => globalThis.sound!.paused)).toBe(true))
  expect(wrongOnes(await samplesOf(page, 1), chapter)).toEqual([])
  await page.getByRole('link', { name: 'Shelf' }).click()
  await eventually(async () =>
    expect(await page.evaluate(() => CSS.highlights.has('spoken-word'))).toBe(false),
  )
})

test('a sentence that is spoken while the page is open is marked word by word, and nothing is laid out anew', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1, 6), 'made-now.txt')
  const page = await device(`/novels/${novel.id}/chapters/1`)
  await page.getByRole('button', { name: 'Listen' }).click()
  await expectPlayback(page, 0.3)
  await eventually(async () => {
    const [{ marked } = {}] = await samplesOf(page, 1)
    expect(marked?.text).toMatch(/^[\p{L}\d]+/u)
  })
})

test('a browser without highlights gets boxes behind the words', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(longStory(1, 5), 'boxes.txt')
  await nightjar.finished(await nightjar.generate(novel.id))
  const page = await device(`/novels/${novel.id}/chapters/1`)
  await page.evaluate(() => Reflect.deleteProperty(globalThis, 'Highlight'))
  await page.getByRole('button', { name: 'Listen' }).click()
  await expectPlayback(page, 0.5)
  const box = page.locator('.spoken-word-box:not([hidden])').first()
  await box.waitFor()
  const fits = await box.evaluate((element) => {
    const { top, bottom, left, width } = element.getBoundingClientRect()
    const sentence = document.querySelector('[data-heard]')!.getBoundingClientRect()
    return top >= sentence.top - 2 && bottom <= sentence.bottom + 2 && left >= sentence.left - 2 && width > 2
  })
  expect(fits).toBe(true)
})
