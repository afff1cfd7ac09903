import { expect } from 'vitest'
import { corrected, serialChapters, serialText } from '../fixtures/serial.ts'
import { answer } from '../program/api-client.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { eventually, test } from './browser.ts'
import { focusIsOn, tabTo } from './keyboard.ts'
import { smallTargets } from './touch-targets.ts'

test.override('speakers', 1)

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const name = 'Letters of the Harbour.txt'

test('another version is shown by chapter and sentence, taken over by keyboard, and that is undone', async ({
  device,
  nightjar,
}) => {
  const before = serialChapters(4, 2)
  const { novel } = await nightjar.add(serialText(before), name)
  const sentence = 'Evening 2.1 found them in the snow. Nobody spoke of letter 200 again.'
  const after = [...corrected(before, 2, 0, sentence), ...serialChapters(2, 2, 5)]
  const send = () =>
    answer<{ version?: { id: string } }>(nightjar.upload(serialText(after), name, { separate: false }))
  const { version } = await send()
  const page = await device(`/novels/${novel.id}`)
  await page.getByText(/Another version of this book came/).waitFor()
  await tabTo(page, 'See what changed')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Another version' }).waitFor()
  await page.getByText('2 new chapters · 1 changed · 3 are the same').waitFor()
  const chapters = page.getByRole('list').filter({ hasText: 'Chapter 6' }).getByRole('listitem')
  await page.getByText(/Chapter 2.*changed/).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  // What stood there and what stands there instead, told to those who do not see the colours too.
  await page.locator('summary').filter({ hasText: 'Chapter 2' }).focus()
  await page.keyboard.press('Enter')
  await page
    .getByRole('deletion')
    .getByText(/Evening 2\.1 found them near/)
    .waitFor()
  await page.getByRole('insertion').getByText('Evening 2.1 found them in the snow.').waitFor()
  expect(await page.getByText('Before:').count()).toBe(1)
  expect(await chapters.getByText(/Nobody spoke of letter 300/).count()).toBe(0)
  expect(await accessibilityFaults(page)).toEqual([])
  const other = await device(`/novels/${novel.id}/versions/${version!.id}`, phone)
  await other.getByText('2 new chapters · 1 changed · 3 are the same').waitFor()
  expect(await accessibilityFaults(other)).toEqual([])
  expect(await smallTargets(other)).toEqual([])

  // Asked before it is left; Escape leaves everything as it is, and the focus where it was.
  await page.getByRole('button', { name: 'Leave it' }).press('Enter')
  await page.getByRole('alertdialog', { name: 'Leave this version?' }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await focusIsOn(page, /^Leave it$/)
  await tabTo(page, /^Take it over$/, 'Shift+Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: novel.title }).waitFor()
  await page.getByText('Chapter 6').first().waitFor()
  expect(await page.getByText(/Another version of this book came/).count()).toBe(0)
  const titles = async () =>
    (await nightjar.json<{ chapters: { title: string }[] }>(`/api/novels/${novel.id}`)).chapters.length
  expect(await titles()).toBe(6)

  await page.getByRole('link', { name: 'Review the chapters' }).click()
  await page.getByRole('heading', { level: 1, name: 'Chapters' }).waitFor()
  await page.locator('h1').click()
  const undone = page.waitForResponse((each) => each.url().endsWith('/edits/undo') && each.ok())
  await page.keyboard.press('Control+z')
  await undone
  await eventually(async () => expect(await page.locator('.review-title').count()).toBe(4))
  expect(await titles()).toBe(4)

  // Offered anew by another file, it can be kept as a book of its own.
  const more = [...after, ...serialChapters(1, 2, 7)]
  const offered = await answer<{ version?: { id: string } }>(
    nightjar.upload(serialText(more), name, { separate: false }),
  )
  await page.goto(`${nightjar.address}/novels/${novel.id}/versions/${offered.version!.id}`)
  await page.getByRole('button', { name: 'Keep it as a book of its own' }).click()
  await page.getByText('Chapter 7').first().waitFor()
  const { novels } = await nightjar.json<{ novels: { id: string }[] }>('/api/novels')
  expect(novels).toHaveLength(2)
})
