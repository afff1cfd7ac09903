import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { epub } from './books.ts'
import { eventually, test } from './browser.ts'
import { smallTargets } from './touch-targets.ts'

test.override('speakers', 1)

const press = (page: Page, name: string | RegExp) =>
  page
    .getByRole('button', typeof name === 'string' ? { name, exact: true } : { name })
    .first()
    .click()
const titles = (page: Page) => page.locator('.review-title').allTextContents()

test('chapters are renamed, merged, split and left out, and all of that is undone by the keyboard', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('Cut Anew'), 'cut.epub')
  await nightjar.finished(await nightjar.generate(novel.id))
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('link', { name: 'Review the chapters' }).click()
  await page.getByRole('heading', { level: 1, name: 'Chapters' }).waitFor()
  await eventually(async () => expect(await titles(page)).toEqual(['The Lamp', 'The River', 'The Letter']))
  await page.getByText('The lamp was lit when they came down').waitFor()
  await press(page, 'Change The River')
  await page.getByRole('dialog').getByText('Re-makes 1 sentence in 1 chapter').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByLabel('Name').fill('The Flood')
  await page.keyboard.press('Enter')
  await eventually(async () => expect(await titles(page)).toEqual(['The Lamp', 'The Flood', 'The Letter']))
  await press(page, 'Change The Lamp')
  await press(page, 'Merge with the next chapter')
  await eventually(async () => expect(await titles(page)).toEqual(['The Lamp', 'The Letter']))
  await press(page, 'Change The Lamp')
  await page.getByText('Split the chapter at a paragraph').click()
  await page.getByRole('radio', { name: /^Nobody saw who had lit it/ }).check()
  await press(page, 'Split the chapter here')
  await eventually(async () => expect(await titles(page)).toEqual(['The Lamp', 'The Lamp (2)', 'The Letter']))
  await press(page, 'Leave out: The Letter')
  await page.getByText('not read: somebody left it out').waitFor()
  for (let at = 0; at < 4; at++) {
    await page.locator('h1').click()
    // Of the last edit nothing is told any more when it is undone.
    const undone = page.waitForResponse((answer) => answer.url().endsWith('/edits/undo') && answer.ok())
    await page.keyboard.press('Control+z')
    await undone
    await eventually(async () =>
      expect(await page.locator('.review-told').textContent()).not.toMatch(/One moment/),
    )
  }
  await eventually(async () => expect(await titles(page)).toEqual(['The Lamp', 'The River', 'The Letter']))
  await press(page, /^Do again/)
  await eventually(async () => expect(await titles(page)).toEqual(['The Lamp', 'The Flood', 'The Letter']))
})

test('what is not spoken is told by reason and restored by one press, which can be undone', async ({
  device,
  nightjar,
}) => {
  const chapter = (number: number) =>
    `Chapter ${number}\n\nThe wheel of mill ${number} stood still.\n\nIt ground nothing but time.\n\n(End of the chapter)\n\n`
  const text = `The Two Mills\n\n${chapter(1)}${chapter(2)}`
  const { novel } = await nightjar.add(new TextEncoder().encode(text), 'mills.txt')
  const page = await device(`/novels/${novel.id}/coverage`)
  await page.getByRole('heading', { level: 1, name: 'What is not spoken' }).waitFor()
  await page.getByText(/of the text of this book is spoken/).waitFor()
  const row = page.locator('.coverage-text', { hasText: 'End of the chapter' })
  await eventually(async () => expect(await row.count()).toBe(2))
  expect(await accessibilityFaults(page)).toEqual([])
  await press(page, /^Read this aloud.*End of the chapter/)
  await eventually(async () => expect(await row.count()).toBe(1))
  await press(page, /^Undo/)
  await eventually(async () => expect(await row.count()).toBe(2))
  await press(page, /^Read all 2 of these aloud/)
  await eventually(async () => expect(await row.count()).toBe(0))
})

test('of two thousand chapters those in sight are in the page, parts fold, and Enter jumps to what was found', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(2000, 1), 'two-thousand.txt')
  await nightjar.post(`/api/novels/${novel.id}/edits`, {
    kind: 'part',
    first: 1,
    last: 900,
    part: 'Quyển một',
  })
  for (const options of [
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    { viewport: { width: 1440, height: 900 } },
  ]) {
    const page = await device(`/novels/${novel.id}/review`, options)
    await page.locator('.review-row').first().waitFor()
    expect(await page.locator('.review-row').count()).toBeLessThan(60)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('searchbox').fill('chapter 1204')
    await eventually(async () => expect(await titles(page)).toEqual(['Chapter 1204']))
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      options.viewport.width,
    )
    if (options.hasTouch) expect(await smallTargets(page)).toEqual([])
    // Why it is read is there whole, and within its row.
    const why = await page.locator('.review-words .figures').evaluate((words) => {
      const end = words.closest('.review-row')!.getBoundingClientRect().bottom
      return [words.scrollWidth <= words.clientWidth, words.getBoundingClientRect().bottom < end - 4]
    })
    expect(why).toEqual([true, true])
  }
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('button', { name: 'Quyển một', expanded: true }).click()
  await page.getByRole('button', { name: /^Quyển một · 900 chapters/, expanded: false }).waitFor()
  await page.getByRole('checkbox', { name: /^Select chapter 901,/ }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('searchbox').fill('chapter 1204')
  await page.getByRole('searchbox').press('Enter')
  await eventually(async () =>
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Chapter 1204'),
  )
  expect(await page.getByRole('searchbox').inputValue()).toBe('')
  const box = (number: number) => page.locator(`[data-number="${number}"] .chapter-select`)
  await box(1203).hover()
  await page.mouse.down()
  await box(1204).hover()
  await box(1206).hover()
  await page.mouse.up()
  await page.getByRole('button', { name: 'Speak 4 chapters' }).waitFor()
})
