import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { startApplication } from '../program/in-process-application.ts'
import { epub } from './books.ts'
import { eventually, test } from './browser.ts'

const status = (page: Page, words: string) => page.getByRole('heading', { level: 1, name: words }).waitFor()
/** Keeps each title that the page has from now on. */
async function titlesOf(page: Page): Promise<() => Promise<string[]>> {
  const titles = await page.evaluateHandle(() => {
    const seen: string[] = []
    const look = (): void => {
      const title = document.querySelector('h1')?.textContent ?? ''
      if (title !== seen.at(-1)) seen.push(title)
    }
    look()
    new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true })
    return seen
  })
  return () => titles.jsonValue()
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

test.concurrent('chapters that are ticked are spoken, and no others', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(await epub('Only Two of Three'), 'two.epub')
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('checkbox', { name: 'Select chapter 1, The Lamp' }).check()
  await page.getByRole('checkbox', { name: 'Select chapter 3, The Letter' }).check()
  await press(page, 'Speak 2 chapters')
  await page.getByText('2 of 3 chapters spoken').waitFor()
  await page.locator('.chapter-row', { hasText: 'The River' }).getByText('Not spoken yet').waitFor()
  await press(page, 'Speak all the rest')
  await page.getByText('3 of 3 chapters spoken').waitFor()
})

test.concurrent('where the stream is blocked the page asks instead, and does not call the server lost', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1, 700), 'asked.txt')
  const id = await nightjar.generate(novel.id, undefined, { priority: -1 })
  const page = await device('/', { expected: /ERR_FAILED/ })
  await page.context().route('**/api/worker/events', (route) => route.abort())
  await page.clock.install()
  await page.goto(new URL(`/generations/${id}`, page.url()).href)
  const ribbon = page.locator('.generation-ribbon').getByRole('img')
  /** Five seconds later by the page's clock. */
  const later = async () => {
    await page.clock.runFor(5000)
    return Number.parseInt((await ribbon.getAttribute('aria-label')) ?? '', 10)
  }
  await eventually(async () => expect(await later()).toBeGreaterThan(0))
  const before = await later()
  await eventually(async () => expect(await later()).toBeGreaterThan(before))
  expect(await page.locator('.connection').textContent()).toBe('')
  await nightjar.post(`/api/worker/progress/${id}/cancel`, {})
  await page.clock.runFor(5000)
  await status(page, 'Cancelled')
})

test.concurrent('a sentence that cannot be spoken is told with its reason, and can be tried again', async ({
  device,
}) => {
  await using here = await startApplication()
  const book =
    'Chapter 1\n\nAll of this is well.\n\nThis one refuses to be spoken.\n\nAnd this is well again.'
  const { novel } = await here.api.add(new TextEncoder().encode(book), 'refuses.txt')
  const id = await here.api.generate(novel.id, [1], { voice: 'odd:hum' })
  const page = await device(new URL(`/generations/${id}`, here.api.address).href)
  await status(page, 'Spoken, with gaps')
  await page.getByRole('heading', { name: 'Set aside' }).waitFor()
  await page.getByText('1 sentence could not be spoken.').waitFor()
  await page.getByText('This one refuses to be spoken.').waitFor()
  await page.getByText(/I will not say that · 3 attempts/).waitFor()
  await press(page, 'Speak what is missing')
  await page.getByRole('heading', { level: 1, name: /Being spoken|Waiting in line/ }).waitFor()
  await page.getByRole('heading', { name: 'Set aside' }).waitFor({ state: 'detached' })
  // The studio of this test ends with it, and the page shall not be there to miss it.
  await page.context().close()
})

test('work is paused, goes on, is cancelled when that is confirmed, and taken up again', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(4, 400), 'long.txt')
  const id = await nightjar.generate(novel.id)
  const page = await device(`/generations/${id}`)
  await status(page, 'Being spoken')
  const said = await titlesOf(page)
  await nightjar.until(id, ({ segmentsDone }) => segmentsDone > 0)

  await press(page, 'Pause')
  await status(page, 'Paused')
  expect((await nightjar.progress(id)).status).toBe('paused')

  await press(page, 'Go on')
  await status(page, 'Being spoken')
  const { segmentsDone } = await nightjar.progress(id)
  await nightjar.until(id, (progress) => progress.segmentsDone > segmentsDone)

  await press(page, 'Cancel')
  const question = page.getByRole('alertdialog', { name: 'Cancel this work?' })
  await question.getByRole('button', { name: 'Keep it' }).click()
  await question.waitFor({ state: 'detached' })
  expect((await nightjar.progress(id)).status).toBe('running')

  await press(page, 'Cancel')
  await question.getByRole('button', { name: 'Cancel the work' }).click()
  await status(page, 'Cancelled')
  expect((await nightjar.progress(id)).status).toBe('cancelled')

  await press(page, 'Speak what is missing')
  await status(page, 'Being spoken')
  expect((await nightjar.progress(id)).segmentsDone).toBeGreaterThan(segmentsDone)
  // Nothing that was told late brought back what had been before.
  expect((await said()).filter((title) => title !== 'Waiting in line')).toEqual([
    'Being spoken',
    'Paused',
    'Being spoken',
    'Cancelled',
    'Being spoken',
  ])
  await nightjar.post(`/api/worker/progress/${id}/cancel`, {})
})

test('what was spoken while somebody was away is told, though work was running when he left', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1, 600), 'away.txt')
  const id = await nightjar.generate(novel.id)
  await nightjar.until(id, ({ segmentsDone }) => segmentsDone > 0)
  const page = await device('/')
  await page.locator('.novel-card').first().waitFor()
  const noted = () => page.evaluate(() => localStorage.getItem('nightjar.last-visit'))
  await eventually(async () => expect(await noted()).not.toBeNull())
  expect((await nightjar.progress(id)).status).toBe('running')
  // An hour passes, in which nobody looks.
  const { at, novels } = JSON.parse((await noted()) ?? '') as { at: number; novels: object }
  await page.goto(new URL('/queue', page.url()).href)
  await nightjar.until(id, ({ segmentsDone }) => segmentsDone > 20)
  await page.evaluate(
    (visit) => localStorage.setItem('nightjar.last-visit', visit),
    JSON.stringify({ at: at - 3_600_000, novels }),
  )
  await page.goto(new URL('/', page.url()).href)
  await page.getByText(/^Spoken while you were away: /).waitFor()
  await nightjar.post(`/api/worker/progress/${id}/cancel`, {})
})

test('ribbon and figures move as sentences are spoken, and every device that looks sees the same', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1, 600), 'moving.txt')
  const id = await nightjar.generate(novel.id)
  const page = await device(`/generations/${id}`, { expected: /ERR_FAILED/ })
  const ribbon = page.locator('.generation-ribbon').getByRole('img')
  const spoken = async () => Number.parseInt((await ribbon.getAttribute('aria-label')) ?? '', 10)
  await eventually(async () => expect(await spoken()).toBeGreaterThan(0))
  // From here on the page can only be told, it cannot ask.
  await page.route('**/api/worker/progress/*', (route) => route.abort())
  const before = await spoken()
  await eventually(async () => expect(await spoken()).toBeGreaterThan(before + 10))
  await page.unroute('**/api/worker/progress/*')
  await page.getByText(/^× \d+(\.\d)? real time$/).waitFor()
  await page.getByRole('link', { name: 'Queue 1 at work or waiting' }).waitFor()

  const other = await device(`/generations/${id}`, { viewport: { width: 390, height: 844 } })
  await status(other, 'Being spoken')
  await press(other, 'Pause')
  await status(page, 'Paused')
  await press(page, 'Go on')
  await status(other, 'Being spoken')
  await nightjar.post(`/api/worker/progress/${id}/cancel`, {})
  for (const each of [page, other]) {
    await status(each, 'Cancelled')
    await each.getByRole('link', { name: 'Queue', exact: true }).waitFor()
  }
})
