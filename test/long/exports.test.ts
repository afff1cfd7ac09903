import { statSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { sizeWords } from '../../web/element/size-words.ts'
import { epub } from '../browser/books.ts'
import { eventually, test } from '../browser/browser.ts'
import { accessibilityFaults } from '../browser/accessibility-check.ts'

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

const open = (page: Page) => page.getByRole('button', { name: /^Take with you/ }).click()
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Take with you' })
const form = (page: Page, name: string) => dialog(page).getByRole('listitem').filter({ hasText: name })
const podcast = (page: Page) => dialog(page).getByRole('region', { name: 'Podcast' })

/** The size that is shown of a form, in bytes, after a look at its words. */
async function shownSize(page: Page, name: string): Promise<number> {
  const size = form(page, name).locator('data')
  const bytes = Number(await size.getAttribute('value'))
  expect(await size.textContent()).toContain(sizeWords(bytes))
  return bytes
}

/** The focus goes on to what has taken the place of what was pressed. */
function focused(control: Locator): Promise<void> {
  return eventually(async () => {
    expect(await control.evaluate((element) => element === document.activeElement)).toBe(true)
  })
}

/** What a press on a link saves: its bytes, and what the file is called. */
async function saved(page: Page, name: string, link = /^Download/): Promise<{ bytes: number; name: string }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    form(page, name).getByRole('link', { name: link }).click(),
  ])
  return { bytes: statSync(await download.path()).size, name: download.suggestedFilename() }
}

test('a novel of which nothing is ready says so, and offers what is ready as it comes', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('Not Yet'), 'not-yet.epub')
  const page = await device(`/novels/${novel.id}`)
  await open(page)
  await dialog(page).getByText('Nothing is ready yet').waitFor()
  expect(await dialog(page).getByRole('list').count()).toBe(0)
  await nightjar.finished(await nightjar.generate(novel.id, [1]))
  await dialog(page).getByText('1 of 3 chapters ready').waitFor()
  expect(await shownSize(page, 'Audiobook (M4B)')).toBeGreaterThan(1000)
})

test('a form tells its size before it is downloaded where that is known, and the file has that size', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('Taken Along'), 'taken.epub')
  await nightjar.finished(await nightjar.generate(novel.id, [1, 2]))
  const page = await device(`/novels/${novel.id}`)
  await open(page)
  await dialog(page).getByText('2 of 3 chapters ready').waitFor()
  const bytes = await shownSize(page, 'Audiobook (M4B)')
  expect(await saved(page, 'Audiobook (M4B)')).toEqual({ bytes, name: 'Taken Along.m4b' })
  // It would have to be made to be measured, and that takes seconds.
  await form(page, 'Read along (EPUB 3)').getByText('size not known beforehand').waitFor()
  expect((await saved(page, 'Read along (EPUB 3)')).name).toBe('Taken Along.epub')
  await form(page, 'Subtitles').getByText('size not known beforehand').waitFor()
  expect((await saved(page, 'Subtitles', /^WebVTT/)).name).toBe('Taken Along.vtt')
  expect((await saved(page, 'Subtitles', /^SRT/)).name).toBe('Taken Along.srt')
})

test('MP3 is made when it is asked for, by the keyboard too, and is a link with its true size then', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('In Old Players'), 'players.epub')
  await nightjar.finished(await nightjar.generate(novel.id))
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('button', { name: /^Take with you/ }).focus()
  await page.keyboard.press('Enter')
  await dialog(page).getByText('All 3 chapters are ready').waitFor()
  const mp3 = form(page, 'Chapters (MP3, zip)')
  await mp3.getByText(/^about /).waitFor()
  expect(await mp3.getByRole('link').count()).toBe(0)
  await mp3.getByRole('button', { name: /^Make it/ }).focus()
  await page.keyboard.press('Enter')
  const link = mp3.getByRole('link', { name: /^Download/ })
  await link.waitFor()
  await focused(link)
  const bytes = await shownSize(page, 'Chapters (MP3, zip)')
  expect(await saved(page, 'Chapters (MP3, zip)')).toEqual({ bytes, name: 'In Old Players.mp3.zip' })
  // It is still there when one comes back to it.
  await page.keyboard.press('Escape')
  await dialog(page).waitFor({ state: 'detached' })
  await open(page)
  await link.waitFor()
})

test('a podcast address is made, copied, followed and revoked', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(await epub('Followed'), 'followed.epub')
  await nightjar.finished(await nightjar.generate(novel.id, [1]))
  const page = await device(`/novels/${novel.id}`, { permissions: ['clipboard-read', 'clipboard-write'] })
  await open(page)
  await podcast(page).getByRole('button', { name: 'Make a podcast address' }).click()
  const copy = podcast(page).getByRole('button', { name: /^Copy/ })
  await focused(copy)
  await copy.click()
  await podcast(page)
    .getByRole('button', { name: /^Copied/ })
    .waitFor()
  const address = await page.evaluate(() => navigator.clipboard.readText())
  expect(await podcast(page).getByRole('textbox', { name: 'Podcast address' }).inputValue()).toBe(address)
  const answer = await fetch(address)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('<title>Followed</title>')
  const code = podcast(page).getByRole('img', { name: /QR code/ })
  await eventually(async () => {
    expect(await code.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  })
  await podcast(page).getByRole('button', { name: 'Revoke the address' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke it' }).click()
  const make = podcast(page).getByRole('button', { name: 'Make a podcast address' })
  await make.waitFor()
  expect((await fetch(address)).status).toBe(404)
  await make.click()
  await podcast(page).getByRole('button', { name: 'Revoke the address' }).waitFor()
  const next = await podcast(page).getByRole('textbox', { name: 'Podcast address' }).inputValue()
  expect(next).not.toBe(address)
})

test('without a clipboard of its own the page copies all the same', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(await epub('Copied By Hand'), 'hand.epub')
  const page = await device(`/novels/${novel.id}`, { permissions: ['clipboard-read'] })
  // As at an address that is not secure.
  await page.evaluate(() => {
    const kept = navigator.clipboard
    Object.assign(globalThis, { readCopied: () => kept.readText() })
    Object.defineProperty(navigator, 'clipboard', { value: undefined })
  })
  await open(page)
  await dialog(page).getByRole('button', { name: 'Copy Catalogue address' }).click()
  await dialog(page)
    .getByRole('button', { name: /^Copied/ })
    .waitFor()
  const copied = await page.evaluate(() =>
    (globalThis as unknown as { readCopied: () => Promise<string> }).readCopied(),
  )
  expect(copied).toBe(`${new URL(page.url()).origin}/opds`)
  expect((await fetch(copied)).status).toBe(200)
})

test('what is taken along has no fault that a screen reader would meet, and fits its screen', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('Looked At'), 'looked.epub')
  await nightjar.finished(await nightjar.generate(novel.id))
  for (const options of [phone, { viewport: { width: 1280, height: 800 } }] as const) {
    const page = await device(`/novels/${novel.id}`, options)
    await open(page)
    await form(page, 'Audiobook (M4B)').waitFor()
    const make = podcast(page).getByRole('button', { name: 'Make a podcast address' })
    const known = podcast(page).getByRole('textbox')
    await make.or(known).waitFor()
    if (await make.isVisible()) await make.click()
    await known.waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await accessibilityFaults(page), `${options.viewport.width} px, ${colorScheme}`).toEqual([])
    }
    const wide = await dialog(page).evaluate((element) => element.scrollWidth - element.clientWidth)
    expect(wide).toBeLessThanOrEqual(0)
  }
})
