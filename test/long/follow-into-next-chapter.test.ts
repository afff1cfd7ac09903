import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { expectPlayback } from '../browser/audio-playback.ts'
import { eventually, test } from '../browser/browser.ts'
import { longStory } from '../fixtures/long-story.ts'

test.override('speakers', 1)

const rate = 1
const sentences = 30
const [first, last] = [6, 10]

interface Seen {
  readonly segment: number
  readonly inView: boolean
}

/** Looks at the sentence that is heard in every frame, until the one with this index is, and is seen. */
function seenUntil(page: Page, last: number): Promise<Seen[]> {
  return page.evaluate(async (until) => {
    const seen: Seen[] = []
    for (;;) {
      await new Promise(requestAnimationFrame)
      const sentence = document.querySelector<HTMLElement>('[data-heard]')
      if (!sentence) continue
      const { top, bottom } = sentence.getBoundingClientRect()
      const foot = document.querySelector('.dock')!.getBoundingClientRect().top
      const segment = Number(sentence.dataset['segment'])
      const inView = top >= 0 && bottom <= foot
      seen.push({ segment, inView })
      if (segment > until || (segment === until && inView)) return seen
    }
  }, last)
}

/** Sentences that were heard, and those of them that were in view while they were heard. */
function counted(seen: readonly Seen[]): { heard: number[]; inView: number[] } {
  const distinct = (all: readonly Seen[]): number[] => [...new Set(all.map(({ segment }) => segment))]
  return { heard: distinct(seen), inView: distinct(seen.filter(({ inView }) => inView)) }
}

test('the page follows sentence by sentence, stays with a reader who looks elsewhere while the chapter ends, and goes back to the voice', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(2, sentences), 'followed.txt')
  const change = (path: string, body: unknown) =>
    nightjar.fetch(path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  await change(`/api/novels/${novel.id}`, { voice: 'espeak:en-us' })
  await change(`/api/novels/${novel.id}/settings`, { player: { rate } })
  await nightjar.finished(await nightjar.generate(novel.id))
  // So low that a few sentences fill it: the page has to follow.
  const page = await device(`/novels/${novel.id}/chapters/1`, { viewport: { width: 480, height: 560 } })
  const sentence = (index: number) => page.locator(`[data-segment="${index}"]`)
  await sentence(first).click()
  await expectPlayback(page, 0.2)
  const { heard, inView } = counted(await seenUntil(page, last))
  expect(heard).toEqual(Array.from({ length: last - first + 1 }, (_, at) => at + first))
  expect(inView).toEqual(heard)

  // The reader looks at the beginning; meanwhile the voice goes into the next chapter.
  await page.mouse.move(200, 200)
  const back = page.getByText('Back to the voice')
  await eventually(async () => {
    // A wheel that is turned while the page itself scrolls may be in vain.
    await page.mouse.wheel(0, -10_000)
    await back.waitFor({ timeout: 3000 })
  })
  await page
    .getByRole('slider', { name: 'Place in the chapter' })
    .evaluate((input: HTMLInputElement, end) => {
      input.value = String(end)
      input.dispatchEvent(new Event('change'))
    }, sentences - 0.5)
  await page.waitForFunction(() => document.querySelector('[data-heard]') === null)
  expect(new URL(page.url()).pathname).toMatch(/chapters\/1$/)
  expect(await page.evaluate(() => scrollY)).toBeLessThan(200)
  await back.click()
  await page.waitForURL(/chapters\/2$/)
  await eventually(async () => {
    const [now] = await seenUntil(page, 0)
    expect(now?.inView).toBe(true)
  })
  await back.waitFor({ state: 'detached' })
  const next = counted(await seenUntil(page, 2))
  expect(next.inView).toEqual(next.heard)
})
