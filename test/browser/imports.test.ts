import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { ImportView } from '../../src/http/contract/import-batch-contract.ts'
import { zip } from '../fixtures/epub.ts'
import { importAll, importDone } from '../program/import-client.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { epub, onDisk } from './books.ts'
import { test } from './browser.ts'
import { dropFiles } from './drop-files.ts'
import { tabTo } from './keyboard.ts'
import { smallTargets } from './touch-targets.ts'

const text = (name: string): string =>
  `${name}\n\n\nChapter 1\n\n${name} went to the sea, and it was a long way.\n\nChapter 2\n\n${name} came home.\n`

test('several files become one import: each says what it became, after a reload and on another device too', async ({
  device,
  folder,
}) => {
  const page = await device()
  await page.getByRole('heading', { name: 'Bring a book' }).waitFor()
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Add a book' }).click()
  const chooser = await choosing
  await chooser.setFiles([
    await onDisk(folder, 'one.epub', await epub('One of Three')),
    await onDisk(folder, 'two.txt', text('Two of Three')),
    await onDisk(folder, 'picture.txt', 'GIF89a'),
  ])
  const list = page.getByRole('article', { name: /^3 files/ })
  await list.getByText('2 new books · 1 not taken in').waitFor()
  await list.locator('li', { hasText: 'one.epub' }).getByRole('link', { name: 'One of Three' }).waitFor()
  // What has to be looked at stands first.
  const first = list.locator('li').first()
  expect(await first.textContent()).toMatch(/^picture\.txtIt was not taken in\..*picture\.txt/)
  await page.locator('.novel-card', { hasText: 'Two of Three' }).waitFor()
  expect(await page.locator('progress').first().getAttribute('value')).toBe('3')

  await page.reload()
  await list.getByText('2 new books · 1 not taken in').waitFor()
  const other = await device('/', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const there = other.getByRole('article', { name: /^3 files/ })
  await there.getByText('2 new books · 1 not taken in').waitFor()
  await there.locator('li', { hasText: 'two.txt' }).waitFor()
  expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  expect(await accessibilityFaults(other)).toEqual([])
  expect(await smallTargets(other)).toEqual([])
  if (process.env['SHOTS'])
    await other.screenshot({ path: `${process.env['SHOTS']}/imports-390.png`, fullPage: true })

  const download = page.waitForEvent('download')
  await list.getByRole('link', { name: 'Report to keep' }).click()
  expect((await download).suggestedFilename()).toMatch(/^import .*\.md$/)

  // By the keyboard alone.
  await page.getByLabel('Search your shelf').focus()
  await tabTo(page, 'Read the refused files again')
  await page.keyboard.press('Enter')
  await tabTo(page, /^Put away the import: 3 files/)
  await page.keyboard.press('Enter')
  await page.getByRole('alertdialog', { name: 'Put away this import?' }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await tabTo(page, 'Put it away')
  await page.keyboard.press('Enter')
  await list.waitFor({ state: 'detached' })
  expect(await page.locator('.novel-card').count()).toBe(2)
})

test('a folder is dropped with what is in it, and a zip of books is unpacked', async ({ device, folder }) => {
  await mkdir(join(folder, 'Shore/deep'), { recursive: true })
  await onDisk(folder, 'Shore/first.txt', text('First of the Folder'))
  await onDisk(folder, 'Shore/deep/second.txt', text('Second of the Folder'))
  await onDisk(folder, 'Shore/cover.jpg', 'no book')
  await onDisk(folder, 'Shore/.hidden.txt', 'no book')
  const page = await device('/queue')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await dropFiles(page, join(folder, 'Shore'))
  const list = page.getByRole('article', { name: /^2 files/ })
  await list.getByText('2 new books').waitFor()
  await list.locator('li', { hasText: 'Shore/deep/second.txt' }).getByText('New on the shelf:').waitFor()
  // Chosen instead, it is the same.
  await page.goto(new URL('/', page.url()).href)
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Add a folder' }).click()
  await (await choosing).setFiles(join(folder, 'Shore'))
  const chosen = page.getByRole('article', { name: /^2 files/ }).first()
  await chosen.getByText('2 were there already').waitFor()
  await chosen.locator('li', { hasText: 'Shore/deep/second.txt' }).getByText('There already:').waitFor()
  const books = await zip([['a/third.txt', text('Third of the Zip')]])
  await dropFiles(page, await onDisk(folder, 'books.zip', books))
  const unpacked = page.getByRole('article', { name: /^2 files/ }).first()
  await unpacked.locator('li', { hasText: 'books.zip/a/third.txt' }).getByText('New on the shelf:').waitFor()
})

test('files that have not come are chosen again, and those that are here stay', async ({
  device,
  folder,
  nightjar,
}) => {
  // As a browser that was closed while it sent.
  const files = [
    { name: 'here.txt', bytes: 4 },
    { name: 'late.txt', bytes: Buffer.byteLength(text('Late')) },
  ]
  const { import: begun } = (await (await nightjar.post('/api/imports', { files })).json()) as {
    import: ImportView
  }
  const page = await device()
  const list = page.getByRole('article', { name: /^2 files, just now/ }).first()
  await list.getByText('2 files have not come yet.').waitFor()
  const choosing = page.waitForEvent('filechooser')
  await list.getByRole('button', { name: 'Choose the files again' }).click()
  await (
    await choosing
  ).setFiles([
    await onDisk(folder, 'late.txt', text('Late')),
    await onDisk(folder, 'foreign.txt', text('Foreign')),
  ])
  await list.getByText('1 file has not come yet.').waitFor()
  await list.getByText('foreign.txt is not among the files that have not come').waitFor()
  await list.locator('li', { hasText: 'late.txt' }).getByRole('link', { name: 'Late' }).waitFor()
  const { states } = (await nightjar.json<{ import: ImportView }>(`/api/imports/${begun.id}`)).import
  expect(states).toEqual({ sending: 1, added: 1 })
})

test('files that do not reach the server are sent again by themselves, and what a program sends stands beside them', async ({
  device,
  folder,
  nightjar,
}) => {
  const page = await device('/', { expected: /ERR_FAILED/ })
  await page.getByRole('button', { name: 'Add a book' }).waitFor()
  let away = true
  await page.route('**/api/imports/*/files/*', (route) => (away ? route.abort() : route.fallback()))
  await dropFiles(
    page,
    await onDisk(folder, 'a.txt', text('Sent Late A')),
    await onDisk(folder, 'b.txt', text('Sent Late B')),
  )
  const list = page.getByRole('article', { name: /^2 files/ }).first()
  await list.locator('li', { hasText: 'b.txt' }).getByText('It waits to be sent.').waitFor()
  away = false
  await list.getByText('2 new books').waitFor()
  // And what a program sends stands there too.
  await importDone(nightjar, await importAll(nightjar, { 'c.txt': text('From a Program') }))
  await page.reload()
  await page.getByRole('article', { name: /^1 file,/ }).waitFor()
})
