import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import type { ServerProcess } from '../program/server-process.ts'
import { epub } from './books.ts'
import { eventually, test } from './browser.ts'
import { expectPlayback } from './audio-playback.ts'

test.override('speakers', 1)

/** The sentence that is heard, and whether it stands between the top of the window and the player. */
const heard = (page: Page) =>
  page.evaluate(() => {
    const sentence = document.querySelector('[data-heard]')
    const { top = -1, bottom = -1 } = sentence?.getBoundingClientRect() ?? {}
    const foot = document.querySelector('.dock')?.getBoundingClientRect().top ?? innerHeight
    return { text: sentence?.textContent ?? '', inView: top >= 0 && bottom <= foot }
  })
/** Where the page stands when it has come to rest. */
const restingPlace = (page: Page) =>
  page.evaluate(async () => {
    for (let before = -1; before !== scrollY;) {
      before = scrollY
      for (let frame = 0; frame < 10; frame++) await new Promise(requestAnimationFrame)
    }
    return scrollY
  })
/** The quick voice: here nobody minds how it sounds, and what is left of a chapter that was begun delays the next test. */
const readQuickly = (nightjar: ServerProcess, novelId: string) =>
  nightjar.fetch(`/api/novels/${novelId}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ voice: 'espeak:en-us' }),
  })
const seek = async (page: Page, share: number) => {
  const bar = page.getByRole('slider', { name: 'Place in the chapter' })
  const { x, y, width, height } = (await bar.boundingBox())!
  await page.mouse.click(x + width * share, y + height / 2)
}

test('the page follows the voice, lets the reader look elsewhere, and brings him back', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1, 60), 'followed.txt')
  await readQuickly(nightjar, novel.id)
  await nightjar.finished(await nightjar.generate(novel.id))
  const page = await device(`/novels/${novel.id}/chapters/1`)
  await page.getByRole('button', { name: 'Listen' }).click()
  await expectPlayback(page, 0.3)
  await seek(page, 0.5)
  await eventually(async () => {
    const now = await heard(page)
    expect(now.text).toMatch(/On day (?:8|9)\d/)
    expect(now.inView).toBe(true)
  })
  const back = page.getByRole('button', { name: 'Back to the voice' })
  expect(await back.count()).toBe(0)

  await page.mouse.move(400, 300)
  await page.mouse.wheel(0, -4000)
  await back.waitFor()
  const at = await restingPlace(page)
  const { text } = await heard(page)
  await eventually(async () => expect((await heard(page)).text).not.toBe(text))
  expect(await page.evaluate(() => scrollY)).toBe(at)
  await back.click()
  await eventually(async () => expect((await heard(page)).inView).toBe(true))
  await back.waitFor({ state: 'detached' })
  // The keyboard goes on from the sentence, not from a link that stood beside the button.
  await eventually(async () =>
    expect(await page.evaluate(() => document.activeElement?.matches('[data-segment]'))).toBe(true),
  )

  // By hand to where the voice is: it is followed again, without being asked.
  await page.mouse.wheel(0, -600)
  await back.waitFor()
  await page.mouse.wheel(0, 600)
  await back.waitFor({ state: 'detached' })

  // What is dragged in the player is no reading: the page follows where the voice is sent.
  const bar = page.getByRole('slider', { name: 'Place in the chapter' })
  await bar.evaluate((input: HTMLInputElement) => {
    input.dispatchEvent(new Event('touchmove', { bubbles: true }))
    input.value = '2.5'
    input.dispatchEvent(new Event('change'))
  })
  await page.locator('[data-heard][data-segment="2"]').waitFor()
  await eventually(async () => expect((await heard(page)).inView).toBe(true))
  expect(await back.count()).toBe(0)

  // A find in the page scrolls without wheel, finger or key. There the voice catches up, and is followed on.
  await page.evaluate(() =>
    document.querySelector('[data-segment="40"]')?.scrollIntoView({ block: 'center' }),
  )
  await back.waitFor()
  await bar.evaluate((input: HTMLInputElement) => {
    input.value = '40.1'
    input.dispatchEvent(new Event('change'))
  })
  await back.waitFor({ state: 'detached' })
  await eventually(async () => expect((await heard(page)).inView).toBe(true))
})

test('the page turns with the voice, and the focus stays on what was pressed', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('Turned by the Voice'), 'turned.epub')
  await nightjar.finished(await nightjar.generate(novel.id))
  const page = await device(`/novels/${novel.id}/chapters/1`)
  await page.getByRole('button', { name: 'Listen' }).click()
  await expectPlayback(page, 0.3)
  await page.getByRole('button', { name: 'Next chapter' }).press('Enter')
  await page.waitForURL(/chapters\/2$/)
  await page.locator('[data-heard]').first().waitFor()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Next chapter')
  // At the end of a chapter by itself, too.
  await page.getByRole('combobox', { name: 'Speed of playing' }).selectOption('3 ×')
  await seek(page, 0.9)
  await page.waitForURL(/chapters\/3$/)
  await page.locator('[data-heard]').first().waitFor()
  // Who reads another chapter stays there, and is shown the way.
  await page.getByRole('link', { name: 'The River' }).click()
  await page.waitForURL(/chapters\/2$/)
  await page.getByRole('link', { name: 'Back to the voice' }).waitFor()
})

test('after a reload the page marks the place and shows it', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(longStory(1, 120), 'place.txt')
  await readQuickly(nightjar, novel.id)
  await nightjar.fetch(`/api/novels/${novel.id}/position`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chapterNumber: 1, segment: 80, seconds: 300 }),
  })
  await nightjar.fetch(`/api/novels/${novel.id}/heard`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chapterNumber: 1, from: 0, to: 79 }),
  })
  const page = await device(`/novels/${novel.id}/chapters/1`)
  const place = page.locator('[data-place]')
  await place.waitFor()
  expect(await place.getAttribute('data-segment')).toBe('80')
  await eventually(async () => {
    const { y, height } = (await place.boundingBox())!
    expect(y).toBeGreaterThan(0)
    expect(y + height).toBeLessThan(800)
  })
  // How far the chapter is, what was heard of it and what is left are all said.
  const figures = page.locator('.chapter-tools > .figures')
  await figures.getByText(/ left$/).waitFor()
  const isWhole = await figures.evaluate(
    (words) => words.scrollHeight <= words.clientHeight && words.scrollWidth <= words.clientWidth,
  )
  expect(isWhole).toBe(true)
  // The keyboard begins there, too.
  expect(await page.locator('[data-segment][tabindex="0"]').getAttribute('data-segment')).toBe('80')
  // And who goes on is not thrown to the chapter's top while its sound is fetched.
  const marked = await page.locator('.book-text').evaluateHandle((text) => {
    const seen: (string | undefined)[] = []
    new MutationObserver(() =>
      seen.push(text.querySelector<HTMLElement>('[data-heard]')?.dataset['segment']),
    ).observe(text, { subtree: true, attributes: true, attributeFilter: ['data-heard'] })
    return seen
  })
  await page.getByRole('button', { name: 'Go on' }).click()
  await expectPlayback(page, 0.3)
  expect(await marked.evaluate((seen) => seen[0])).toBe('80')
})

test('to mark a sentence moves nothing: no line breaks anew, however wide the text is set', async ({
  device,
  nightjar,
}) => {
  const sentence = (at: number) =>
    `It was the ${at}th of the long evenings, and they sat “as ever” by the fire; nobody spoke much.`
  const text = Array.from({ length: 6 }, (_, block) =>
    Array.from({ length: 3 }, (__, at) => sentence(block * 7 + at)).join(' '),
  ).join('\n\n')
  const { novel } = await nightjar.add(new TextEncoder().encode(`Chapter 1\n\n${text}`), 'lines.txt')
  const page = await device(`/novels/${novel.id}/chapters/1`)
  await page.locator('[data-segment]').first().waitFor()
  const moved = await page.locator('.book-text').evaluate((box) => {
    const all = [...box.querySelectorAll<HTMLElement>('[data-segment]')]
    const lines = () =>
      JSON.stringify(all.map((each) => [...each.getClientRects()].map(({ x, y, width }) => [x, y, width])))
    // What sets the last lines of a paragraph well may be at work at some widths and not at others.
    const widths = Array.from({ length: 43 }, (_, step) => 280 + step * 9)
    return widths.filter((width) => {
      box.style.width = `${width}px`
      const before = lines()
      return all.some((each) =>
        (['heard', 'place'] as const).some((mark) => {
          each.dataset[mark] = 'true'
          const after = lines()
          delete each.dataset[mark]
          return after !== before
        }),
      )
    })
  })
  expect(moved).toEqual([])
})

test('the text is a text to the ear: no sentence is a button, the tab key stops in it once', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('Heard as a Text'), 'text.epub')
  await nightjar.finished(await nightjar.generate(novel.id, [1]))
  const page = await device(`/novels/${novel.id}/chapters/1`)
  const text = page.getByRole('region', { name: 'The text' })
  await text.waitFor()
  expect(await text.getByRole('button').count()).toBe(0)
  const stops = text.locator('[tabindex="0"]')
  expect(await stops.count()).toBe(1)
  await stops.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  expect(await stops.count()).toBe(1)
  await page.keyboard.press('Enter')
  await page.locator('[data-heard][data-segment="2"]').waitFor()
  await expectPlayback(page, 0.3)
})
