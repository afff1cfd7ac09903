import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { expectPlayback } from './audio-playback.ts'
import { eventually, test } from './browser.ts'

test.override('speakers', 1)

test('a search finds words by the keyboard alone, goes to the sentence, and plays from there', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(3, 30), 'sought.txt')
  await nightjar.fetch(`/api/novels/${novel.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ voice: 'espeak:en-us' }),
  })
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('button', { name: 'Search in the book' }).waitFor()
  await page.keyboard.press('/')
  const field = page.getByRole('combobox', { name: 'Words in the book' })
  await field.waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await field.fill('FERRYMÄN READ')
  const hits = page.getByRole('listbox').getByRole('option')
  await hits.first().waitFor()
  const count = await hits.count()
  expect(count).toBeGreaterThan(1)
  await page.getByText(`${count} places`).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  expect(await hits.nth(1).locator('mark').textContent()).toBe('ferryman read')
  const sentence = (await hits.nth(1).locator('.search-words').textContent())!

  // With this an input method takes a word.
  await field.evaluate((each) =>
    each.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })),
  )
  await page.keyboard.press('ArrowDown')
  expect(await field.getAttribute('aria-activedescendant')).toBe(await hits.nth(1).getAttribute('id'))
  await page.keyboard.press('Enter')
  await page.waitForURL(/chapters\/\d+$/)
  await page.locator('[data-heard]', { hasText: sentence.trim() }).waitFor()
  await expectPlayback(page, 0.3)

  // Within the chapter the last search is there again; what is in no book is told.
  await page.keyboard.press('/')
  expect(await field.inputValue()).toBe('')
  await field.fill('elephant')
  await page.getByText('Nothing of the kind stands in this book.').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await field.waitFor({ state: 'detached' })
})

test('on a phone it fills the screen, and more hits come when the list is scrolled', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(2, 80), 'many.txt')
  const page = await device(`/novels/${novel.id}/chapters/1`, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  })
  await page.getByRole('button', { name: 'Search in the book' }).click()
  await page.getByRole('combobox', { name: 'Words in the book' }).fill('nobody')
  const hits = page.getByRole('listbox').getByRole('option')
  await hits.first().waitFor()
  const first = await hits.count()
  await page.getByRole('listbox').evaluate((list) => list.scrollTo(0, list.scrollHeight))
  await eventually(async () => expect(await hits.count()).toBeGreaterThan(first))
  // It is shown when a keyboard on the screen has had the time to come.
  await page.waitForFunction(() => getComputedStyle(document.querySelector('.search-veil')!).opacity === '1')
  expect(await accessibilityFaults(page)).toEqual([])
  await hits.nth(3).click()
  await page.getByRole('listbox').waitFor({ state: 'detached' })
  await page.locator('[data-heard]').first().waitFor()
})
