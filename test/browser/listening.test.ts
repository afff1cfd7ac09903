import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { longStory } from '../fixtures/long-story.ts'
import { waitUntil } from '../program/wait-until.ts'
import { epub } from './books.ts'
import { eventually, test } from './browser.ts'
import { clockOf, expectPlayback } from './audio-playback.ts'

test.override('speakers', 1)

const seekBar = (page: Page) => page.getByRole('slider', { name: 'Place in the chapter' })
/** Before the long chapter that another of these tests has spoken meanwhile. */
const soon = { priority: 5 }
const source = (page: Page) => page.evaluate(() => globalThis.sound?.src)

test.concurrent('a finished chapter plays, and the keyboard goes to any sentence of it', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('Heard to the End'), 'heard.epub')
  await nightjar.finished(await nightjar.generate(novel.id, undefined, soon))
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('button', { name: 'Play chapter 1' }).click()
  await expectPlayback(page)
  expect(await source(page)).toMatch(/chapters\/1\/audio\.m4a/)

  // Silent, so that the voice is not elsewhere before anybody has looked.
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await seekBar(page).focus()
  await page.keyboard.press('End')
  await eventually(async () =>
    expect(await seekBar(page).getAttribute('aria-valuetext')).toContain('sentence 6 of 6'),
  )
  await page.keyboard.press('ArrowLeft')
  await eventually(async () =>
    expect(await seekBar(page).getAttribute('aria-valuetext')).toContain('sentence 5 of 6'),
  )
  await page.keyboard.press('Home')
  await eventually(async () => expect(await clockOf(page)).toBeLessThan(2))
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await expectPlayback(page, 0.5)

  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  const stopped = await clockOf(page)
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  expect(await page.evaluate(() => globalThis.sound?.paused)).toBe(true)
  await page.getByRole('button', { name: 'On 15 seconds' }).click()
  expect(await clockOf(page)).toBeGreaterThan(stopped)
})

test.concurrent('the sentence that is heard is marked in the text, and any other plays when it is pressed', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('Read Along'), 'along.epub')
  await nightjar.finished(await nightjar.generate(novel.id, [1], soon))
  const page = await device(`/novels/${novel.id}/chapters/1`)
  await page.getByRole('button', { name: 'Listen' }).click()
  await page.locator('[data-heard]', { hasText: 'The lamp was lit' }).waitFor()
  await page.locator('[data-segment]', { hasText: '“No!” she said' }).click()
  await page.locator('[data-heard]', { hasText: '“No!” she said' }).waitFor()
  await expectPlayback(page, 0.5)
})

test.concurrent('the seek bar is let go of where it was pressed, and follows the sound from there', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('Let Go Of'), 'letgo.epub')
  await nightjar.finished(await nightjar.generate(novel.id, [1], soon))
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('button', { name: 'Play chapter 1' }).click()
  await page.getByRole('combobox', { name: 'Speed of playing' }).selectOption('0.75 ×')
  await expectPlayback(page, 0.5)
  const bar = seekBar(page)
  const box = (await bar.boundingBox())!
  await page.mouse.click(box.x + box.width * 0.5, box.y + box.height / 2)
  const place = async () => Number(await bar.inputValue())
  await eventually(async () => expect(await place()).toBeGreaterThanOrEqual(2.9))
  // A held bar stays where it was held.
  const pressed = await place()
  await eventually(async () => expect(await place()).toBeGreaterThan(pressed + 0.3))
  // And a second press is taken as the first was.
  await page.mouse.click(box.x + box.width * 0.1, box.y + box.height / 2)
  await eventually(async () => expect(await place()).toBeLessThan(pressed))
  const again = await place()
  await eventually(async () => expect(await place()).toBeGreaterThan(again + 0.3))
})

test.concurrent('after a chapter comes the next one, and what is not spoken yet is asked for', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('On and On'), 'on.epub')
  await nightjar.finished(await nightjar.generate(novel.id, [1, 2], soon))
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('button', { name: 'Play chapter 1' }).click()
  await page.getByRole('combobox', { name: 'Speed of playing' }).selectOption('3 ×')
  await expectPlayback(page, 0.5)
  await seekBar(page).press('End')
  await page.locator('.dock').getByRole('link', { name: 'The River' }).waitFor()
  await page.getByRole('button', { name: 'Next chapter' }).click()
  await page.locator('.dock').getByRole('link', { name: 'The Letter' }).waitFor()
  await expectPlayback(page, 0.5)
  await page.getByText('3 of 3 chapters spoken').waitFor()
})

test.concurrent('what cannot be asked for just now silences nothing that is there, and says why it ends', async ({
  device,
  nightjar,
}) => {
  const shared = Array.from({ length: 3 }, (_, at) => `Both of them tell of evening ${at}, and of no other.`)
  const book = (more: string) =>
    new TextEncoder().encode(`Chapter 1\n\n${[...shared, more].filter(Boolean).join('\n\n')}\n`)
  const { novel: one } = await nightjar.add(book(''), 'shared-one.txt')
  await nightjar.finished(await nightjar.generate(one.id, undefined, soon))
  const { novel } = await nightjar.add(book('This the second one alone tells.'), 'shared-two.txt')
  const page = await device(`/novels/${novel.id}/chapters/1`, { expected: /507|ERR_FAILED/ })
  const asking = '**/api/worker/generate/chapter'
  const error = 'There is no room left.'
  await page.route(asking, (route) =>
    route.fulfill({ status: 507, json: { success: false, code: 'storage.full', error } }),
  )
  await page.getByRole('button', { name: 'Listen' }).click()
  await expectPlayback(page, 0.5)
  await page.locator('.dock-words', { hasText: error }).waitFor()
  const again = page.getByRole('button', { name: 'Speak it' })
  await again.waitFor()
  expect(await clockOf(page)).toBeGreaterThan(3)
  await page.unroute(asking)

  // Without any answer it goes on by itself.
  await page.route(asking, (route) => route.abort(), { times: 1 })
  await again.click()
  await page.locator('[data-heard]', { hasText: 'second one alone' }).waitFor()
  await page.getByRole('img', { name: /^(\d+) of \1 sentences spoken/ }).waitFor()
})

test.concurrent('a chapter plays from its first sentence while the rest is being made, and after a reload from where it was', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1, 500), 'unfinished.txt')
  const id = await nightjar.generate(novel.id)
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('button', { name: 'Play chapter 1' }).click()
  await expectPlayback(page)
  expect((await nightjar.progress(id)).status).toBe('running')
  expect(await source(page)).toMatch(/^blob:/)
  await page.locator('.dock-time', { hasText: 'so far' }).waitFor()

  for (let step = 0; step < 3; step++) await seekBar(page).press('ArrowRight')
  await expectPlayback(page)
  const left = await clockOf(page)
  await page.reload()
  await page.getByRole('button', { name: 'Go on with chapter 1' }).click()
  await expectPlayback(page, 0.5)
  expect(await clockOf(page)).toBeGreaterThan(left - 1)

  // The place is told every few seconds.
  await waitUntil(async () => {
    const { novel: now } = await nightjar.json<{ novel: Novel }>(`/api/novels/${novel.id}`)
    return (now.position?.seconds ?? 0) > left - 1
  })
  const other = await device(`/novels/${novel.id}`)
  await other.getByRole('button', { name: 'Go on with chapter 1' }).click()
  await expectPlayback(other, 0.5)
  expect(await clockOf(other)).toBeGreaterThan(left - 1)
  await nightjar.post(`/api/worker/progress/${id}/cancel`, {})
})
