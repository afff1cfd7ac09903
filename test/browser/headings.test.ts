import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { eventually, test } from './browser.ts'
import { smallTargets } from './touch-targets.ts'

test.override('speakers', 1)

const titles = (page: Page) => page.locator('.review-title').allTextContents()
const told = (page: Page) => page.locator('.headings-told').textContent()

/** A book whose chapters are called days, which is no heading word. */
function dayBook(days: number): Uint8Array<ArrayBuffer> {
  const lines = ['The Book of Days', '']
  for (let day = 1; day <= days; day++) {
    lines.push(`Day ${day}. The mill`, '')
    for (let at = 1; at <= 30; at++)
      lines.push(`On day ${day} the miller said number ${at} again, and the river did not answer him.`, '')
  }
  return new TextEncoder().encode(lines.join('\n'))
}

test('where chapters begin is chosen by an own pattern with the keyboard, seen before, and undone', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(dayBook(50), 'days.txt')
  // A pattern that is not finished is refused.
  const page = await device(`/novels/${novel.id}`, { expected: /status of 422/ })
  await page.getByText(/^The whole book is one chapter of/).waitFor()
  await page.getByRole('link', { name: 'Choose where chapters begin' }).press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Where chapters begin' }).waitFor()
  await eventually(async () => expect(await told(page)).toMatch(/^1 chapter, as now\./))
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('radio', { name: 'What Nightjar takes to be best' }).focus()
  // The last but one: up from the first goes round to the last.
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await eventually(async () => expect(await told(page)).toBe('Write the pattern of a heading.'))
  await page.keyboard.press('Tab')
  await page.keyboard.type('Night {number}')
  await page.getByText('No line of the book answers to this pattern').waitFor()
  // The chapters are there while what they would cost is still counted.
  const counted = Promise.withResolvers<void>()
  await page.route('**/headings/preview', async (route) => {
    await counted.promise
    await route.continue()
  })
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('day {number}. *')
  await eventually(async () => expect(await told(page)).toMatch(/^50 chapters\. Counting/))
  await page.getByText('Day 3. The mill').waitFor()
  expect(await page.locator('.review-list').getAttribute('data-late')).toBe('false')
  counted.resolve()
  await eventually(async () => expect(await told(page)).toMatch(/^50 chapters instead of 1\./))
  await page.getByText('Day 3. The mill').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Make the chapters like this' }).press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Chapters' }).waitFor()
  await eventually(async () =>
    expect((await titles(page)).slice(0, 2)).toEqual(['Day 1. The mill', 'Day 2. The mill']),
  )
  await page.getByText('Last changed: where chapters begin.').waitFor()
  await page.keyboard.press('ControlOrMeta+z')
  await eventually(async () => expect(await titles(page)).toEqual(['The Book of Days']))
})

test('several chapters are selected by keyboard, press, range and part, and each change of them is one edit', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(12, 2), 'twelve.txt')
  const path = `/api/novels/${novel.id}/edits`
  await nightjar.post(path, { kind: 'part', first: 1, last: 3, part: 'Book One' })
  await nightjar.post(path, { kind: 'part', first: 4, last: 6, part: 'Book Two' })
  const page = await device(`/novels/${novel.id}/review`)
  const box = (number: number) =>
    page.getByRole('checkbox', { name: new RegExp(`^Select chapter ${number},`) })
  const bar = page.getByRole('group', { name: 'Selected chapters' })
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const undo = async () => {
    const undone = page.waitForResponse((answer) => answer.url().endsWith('/edits/undo') && answer.ok())
    await page.getByRole('button', { name: /^Undo/ }).click()
    await undone
  }
  await box(2).focus()
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await bar.getByText('3 selected').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await button('Leave out').click()
  await eventually(async () => expect(await page.locator('[data-narrated="false"]').count()).toBe(3))
  await undo()
  await eventually(async () => expect(await page.locator('[data-narrated="false"]').count()).toBe(0))

  // By press: all in between.
  await box(7).click()
  await box(9).click({ modifiers: ['Shift'] })
  await bar.getByText('3 selected').waitFor()
  await button('Move, merge …').click()
  await page.getByRole('dialog').getByText('Nothing that is spoken has to be made anew').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await button('Merge into one chapter').click()
  await eventually(async () => expect((await titles(page)).slice(6, 8)).toEqual(['Chapter 7', 'Chapter 10']))
  await undo()
  await eventually(async () => expect((await titles(page)).slice(6, 8)).toEqual(['Chapter 7', 'Chapter 8']))

  // By a range that is typed.
  await page.getByRole('searchbox').fill('10-12')
  await page.getByRole('checkbox', { name: 'Select the 3 found' }).check()
  await button('Move, merge …').click()
  await page.getByLabel('Place of the first of them, from 1 to 10').fill('1')
  await page.keyboard.press('Enter')
  await page.getByRole('searchbox').fill('')
  await eventually(async () => expect((await titles(page)).slice(0, 2)).toEqual(['Chapter 10', 'Chapter 11']))
  await undo()

  // A whole part.
  await eventually(async () => expect((await titles(page))[0]).toMatch(/^Chapter 1 /))
  await page.getByRole('button', { name: 'Move the part Book One down' }).press('Enter')
  await eventually(async () => expect((await titles(page))[0]).toMatch(/^Chapter 4 · Book Two/))
  await page.getByRole('checkbox', { name: 'Select the part Book Two' }).check()
  await bar.getByText('3 selected').waitFor()
  await box(9).check()
  await page.getByText('Only chapters that follow each other').waitFor()

  const phone = await device(`/novels/${novel.id}/review`, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  await phone.getByRole('checkbox', { name: /^Select chapter 2,/ }).check()
  expect(await smallTargets(phone)).toEqual([])
  expect(await accessibilityFaults(phone)).toEqual([])
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})
