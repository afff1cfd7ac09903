import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { buildEpub } from '../fixtures/epub.ts'
import { longStory } from '../fixtures/long-story.ts'
import { eventually, test } from './browser.ts'

test.override('speakers', 1)

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const find = (page: Page) => page.getByRole('searchbox', { name: 'Find a chapter' })

test('titles have room at any width', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(longStory(30, 2), 'narrow.txt')
  const page = await device(`/novels/${novel.id}`)
  for (const width of [390, 600, 700, 760, 820, 900, 1000, 1100, 1280, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    await eventually(async () => {
      const rooms = await page
        .locator('.chapter-row .chapter-title')
        .evaluateAll((titles) => titles.map((title) => title.clientWidth))
      expect(Math.min(...rooms), `${width} px`).toBeGreaterThanOrEqual(180)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    })
  }
})

test('what was found one after the other is selected with all between, or typed as a range, on a phone too', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(310, 1), 'ranges.txt')
  const page = await device(`/novels/${novel.id}`)
  await find(page).fill('100')
  await page.getByRole('checkbox', { name: /^Select chapter 100,/ }).check()
  await find(page).fill('200')
  await page.getByRole('checkbox', { name: /^Select chapter 200,/ }).click({ modifiers: ['Shift'] })
  await page.getByRole('button', { name: 'Speak 101 chapters' }).waitFor()
  // To tick what was found does not tick the book.
  await page.getByRole('button', { name: 'Select none' }).click()
  await page.getByRole('checkbox', { name: 'Select the 1 found' }).check()
  await page.getByRole('button', { name: 'Speak 1 chapter', exact: true }).waitFor()

  const hand = await device(`/novels/${novel.id}`, phone)
  await find(hand).fill('100-200, 305')
  await hand.getByRole('checkbox', { name: 'Select the 102 found' }).check()
  await hand.getByRole('button', { name: 'Speak 102 chapters' }).tap()
  await hand.getByText('102 chapters asked for.').waitFor()
  const queue = await nightjar.json<{ running: object[]; waiting: object[] }>('/api/worker/queue')
  expect(queue.running.length + queue.waiting.length).toBeLessThanOrEqual(1)
})

test('of a long book the list shows the place at a press', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(longStory(400, 1), 'far.txt')
  await nightjar.fetch(`/api/novels/${novel.id}/position`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chapterNumber: 321, segment: 1, seconds: 3 }),
  })
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('button', { name: 'Go on with Chapter 321' }).waitFor()
  await page.getByRole('button', { name: 'Your place' }).click()
  const row = page.locator('.chapter-row', { hasText: 'Your place:' })
  await eventually(async () => {
    const { y = -1 } = (await row.boundingBox()) ?? {}
    expect(y).toBeGreaterThan(100)
    expect(y).toBeLessThan(700)
  })
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('href'))
  await eventually(async () => expect(await focused()).toBe(`/novels/${novel.id}/chapters/321`))
})

test('one number for one chapter: the book’s own, and what stands before the story is not counted', async ({
  device,
  nightjar,
}) => {
  const titles = ['Title Page', 'Dedication', 'Chapter 1', 'Chapter 2', 'Chapter 3']
  const book = await buildEpub({
    title: 'Numbered by Itself',
    pages: titles.map((title, at) => ({
      name: `${at + 1}.xhtml`,
      body: `<h1>${title}</h1><p>This is ${title}, as it is told in full.</p><p>And more is told in ${title}.</p>`,
    })),
    nav: `<ol>${titles.map((title, at) => `<li><a href="${at + 1}.xhtml">${title}</a></li>`).join('')}</ol>`,
  })
  const { novel, chapters } = await nightjar.add(book, 'numbered.epub')
  expect(chapters.findIndex(({ title }) => title === 'Chapter 1')).toBe(2)
  const page = await device(`/novels/${novel.id}`)
  await page.getByText('0 of 3 chapters spoken').waitFor()
  await page.getByRole('checkbox', { name: 'Select chapter 1, Chapter 1' }).waitFor()
  await page.getByRole('button', { name: 'Play chapter 3' }).waitFor()
  await page.getByRole('link', { name: 'Chapter 2' }).click()
  await page.getByRole('link', { name: 'Chapter 1' }).waitFor()
  await page.getByRole('link', { name: 'Chapter 3' }).waitFor()
  // Nowhere does the third chapter have another number.
  expect(await page.getByText(/Chapter [45]/).count()).toBe(0)
  const shelf = await device('/')
  await shelf.locator('.novel-card', { hasText: 'Numbered by Itself' }).getByText('3 chapters').waitFor()
})

test('a book that nobody asked for does not look begun, though another has spoken some of its sentences', async ({
  device,
  nightjar,
}) => {
  const text = (own: string) =>
    [1, 2].map((at) => `Chapter ${at}\n\n“No,” he said.\n\nThis is ${own} ${at}, and no other.\n`).join('\n')
  const encode = (own: string) => new TextEncoder().encode(text(own))
  const { novel: one } = await nightjar.add(encode('what is spoken'), 'spoken.txt')
  await nightjar.finished(await nightjar.generate(one.id, undefined, { priority: 9 }))
  const { novel } = await nightjar.add(encode('what waits'), 'unasked.txt')
  const page = await device(`/novels/${novel.id}`)
  await page.locator('.chapter-row').getByText('Not spoken yet').first().waitFor()
  await page.getByText(/^0 of 2 chapters spoken(?! · \d+ %)/).waitFor()
  expect(
    await page
      .locator('.chapter-row')
      .getByText(/\d of \d/)
      .count(),
  ).toBe(0)
  await page.getByRole('link', { name: 'Chapter 1' }).click()
  await page.locator('.chapter-tools').getByText('Not spoken yet').waitFor()
  await page.getByRole('img', { name: /^0 of \d+ sentences spoken/ }).waitFor()
})
