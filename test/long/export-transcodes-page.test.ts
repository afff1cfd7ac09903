import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { repeatedSentence } from '../fixtures/repeated-sentence.ts'
import { hasPrlimit, leaveRoom, makeRoom, needsPrlimit } from '../program/file-limit.ts'
import type { ServerProcess } from '../program/server-process.ts'
import { eventually, test as bare } from '../browser/browser.ts'
import { accessibilityFaults } from '../browser/accessibility-check.ts'

// A form that has to be made first: it may fail, find no room, or be gone again when it is wanted.

/** Room for one book of five minutes, not for two. */
const test = bare.override('settings', { NIGHTJAR_RECORDINGS_LIMIT: '5' })

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Take with you' })
const form = (page: Page, name: string) => dialog(page).getByRole('listitem').filter({ hasText: name })
const mp3 = (page: Page) => form(page, 'Chapters (MP3, zip)')
const opus = (page: Page) => form(page, 'Chapters (Opus, zip)')

/** A novel of one chapter that is spoken; `word` makes its sentence another than other novels have. */
async function spoken(nightjar: ServerProcess, word: string, times: number): Promise<string> {
  const text = Buffer.from(repeatedSentence(times)).toString().replaceAll('lamp', word)
  const { novel } = await nightjar.add(new TextEncoder().encode(text), `${word}.txt`)
  await nightjar.finished(await nightjar.generate(novel.id))
  return novel.id
}

async function opened(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Take with you/ }).click()
  await mp3(page).waitFor()
}

test('a recording that fails says why in the server’s words, and can be tried again', async ({
  device,
  nightjar,
  folder,
}) => {
  const id = await spoken(nightjar, 'candle', 2)
  using clips = new DatabaseSync(join(folder, 'clips.db'))
  using novels = new DatabaseSync(join(folder, 'nightjar.db'))
  const row = clips.prepare('SELECT * FROM clips LIMIT 1').get() as Record<string, Uint8Array>
  const set = clips.prepare('UPDATE clips SET adts = ?, checksum = ? WHERE id = ?')
  // No frames at all, though whole by its checksum.
  const none = new Uint8Array(500)
  set.run(none, crc32(none, crc32(row['wordTimes']!, crc32(row['frameSizes']!))), row['id']!)

  const page = await device(`/novels/${id}`, { expected: /status of 500/ })
  await opened(page)
  await mp3(page)
    .getByRole('button', { name: /^Make it/ })
    .click()
  const words = mp3(page).getByRole('alert')
  await words.getByText(/^The chapter “Chapter 1” could not be recorded: .*Ask again in a minute/).waitFor()
  const again = mp3(page).getByRole('button', { name: /^Try again/ })
  await again.waitFor()
  expect(await accessibilityFaults(page)).toEqual([])

  set.run(row['adts']!, row['checksum']!, row['id']!)
  // The minute has passed.
  novels.prepare('UPDATE recordings SET askedAt = askedAt - 120000 WHERE novelId = ?').run(id)
  await again.click()
  await mp3(page)
    .getByRole('link', { name: /^Download/ })
    .waitFor()
  expect(await words.count()).toBe(0)
})

test('a recording that finds no room says so, and goes on by itself when there is some', async ({
  device,
  nightjar,
  folder,
  skip,
}) => {
  skip(!hasPrlimit, needsPrlimit)
  const id = await spoken(nightjar, 'lantern', 40)
  const page = await device(`/novels/${id}`)
  await opened(page)
  const limit = leaveRoom(nightjar.pid, folder, 512 * 1024)
  await mp3(page)
    .getByRole('button', { name: /^Make it/ })
    .click()
  await mp3(page)
    .getByText('The disk is full. The work is paused and goes on by itself when there is room again.')
    .waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  makeRoom(nightjar.pid)
  await mp3(page)
    .getByRole('link', { name: /^Download/ })
    .waitFor()
  expect(Number(await mp3(page).locator('data').getAttribute('value'))).toBeGreaterThan(limit)
})

test('a recording that went while its link was shown is made again when it is pressed, and saved then', async ({
  device,
  nightjar,
}) => {
  const id = await spoken(nightjar, 'torch', 40)
  const page = await device(`/novels/${id}`)
  const downloads: string[] = []
  page.on('download', (download) => void downloads.push(download.suggestedFilename()))
  await opened(page)
  const link = mp3(page).getByRole('link', { name: /^Download/ })
  await mp3(page)
    .getByRole('button', { name: /^Make it/ })
    .click()
  await link.waitFor()
  // There is no room for both.
  await opus(page)
    .getByRole('button', { name: /^Make it/ })
    .click()
  await opus(page)
    .getByRole('link', { name: /^Download/ })
    .waitFor()
  await link.focus()
  await page.keyboard.press('Enter')
  const making = mp3(page).getByRole('button', { name: /^Making it, \d+ %/ })
  await making.waitFor()
  expect(await making.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(downloads).toEqual([])
  await link.waitFor()
  await eventually(async () => {
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true)
  })
  const bytes = Number(await mp3(page).locator('data').getAttribute('value'))
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
  expect(statSync(await download.path()).size).toBe(bytes)
  expect(download.suggestedFilename()).toBe('torch.mp3.zip')
  expect(downloads).toEqual(['torch.mp3.zip'])
})
