import { expect } from 'vitest'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { epub, onDisk } from './books.ts'
import { eventually, test } from './browser.ts'
import { dropFiles } from './drop-files.ts'
import { clockOf, expectPlayback } from './audio-playback.ts'

test('a book is dropped, spoken while the browser is closed, found done on another device, played, and gone on with on a third', async ({
  device,
  folder,
  nightjar,
}) => {
  const first = await device()
  await first.getByRole('heading', { name: 'Bring a book' }).waitFor()
  await dropFiles(first, await onDisk(folder, 'watch.epub', await epub('The Night Watch')))
  await first.locator('.novel-card', { hasText: 'The Night Watch' }).getByRole('link').click()
  await first.getByRole('button', { name: 'Speak the whole book' }).click()
  const watching = first.getByRole('link', { name: 'Watch it being spoken' })
  const address = (await watching.getAttribute('href')) ?? ''
  await first.context().close()

  await nightjar.finished(address.split('/').at(-1) ?? '')
  const second = await device(address)
  await second.getByRole('heading', { level: 1, name: 'Spoken to the end' }).waitFor()
  await second.getByText('100 %').waitFor()
  await second.getByRole('link', { name: 'The Night Watch' }).click()
  await second.getByText('3 of 3 chapters spoken').waitFor()
  await second.getByText('All of it is spoken.').waitFor()
  await second.getByRole('button', { name: 'Play chapter 1' }).click()
  await expectPlayback(second)
  await second.getByRole('button', { name: 'Pause', exact: true }).click()
  const left = await clockOf(second)

  await eventually(async () => {
    const { novels } = await nightjar.json<{ novels: Novel[] }>('/api/novels')
    expect(novels[0]?.position?.seconds).toBeCloseTo(left)
  })
  const third = await device()
  // Taken off the row and put back.
  const goOn = third.getByRole('button', { name: 'Go on listening: The Night Watch' })
  await third.getByRole('button', { name: 'Take The Night Watch off the row' }).click()
  await goOn.waitFor({ state: 'detached' })
  await third.getByRole('button', { name: 'Undo' }).click()
  await goOn.click()
  // Its clock stands at zero until the chapter is there, then where the other device stopped.
  await eventually(async () => expect(await clockOf(third)).toBeGreaterThan(left))
  await expectPlayback(third, 0.5)

  // Heard to the end, it is on the row no more; a chapter, then all, marked, and taken back by a press.
  await third.getByRole('button', { name: 'Pause', exact: true }).first().click()
  await second.getByRole('checkbox', { name: 'Select chapter 2' }).check()
  await second.getByRole('button', { name: 'Mark as heard', exact: true }).click()
  await second.locator('.chapter-row[data-number="2"][data-listened]').waitFor()
  await second.getByRole('button', { name: 'Mark the book as heard' }).click()
  await second.getByRole('button', { name: 'Mark the book as heard' }).waitFor({ state: 'detached' })
  // It stays while somebody is about to press it.
  await second.locator('.undo').hover()
  expect(await accessibilityFaults(second)).toEqual([])
  await second.getByRole('link', { name: 'Shelf' }).click()
  await second.locator('.novel-card', { hasText: 'Heard:' }).waitFor()
  await second.getByRole('heading', { name: 'Continue listening' }).waitFor({ state: 'detached' })
  await second.getByRole('button', { name: 'Undo' }).click()
  await second.getByRole('heading', { name: 'Continue listening' }).waitFor()
  expect(await accessibilityFaults(second)).toEqual([])

  // On a phone a book alone has the whole row, and its title is not cut.
  await second.setViewportSize({ width: 390, height: 844 })
  const { book, row, cut } = await second.locator('.go-on-book').evaluate((element) => ({
    book: element.clientWidth,
    row: element.parentElement!.clientWidth - 8,
    cut: [...element.querySelectorAll('h3')].some(
      // Letters may reach out of the last line.
      (title) => title.scrollWidth > title.clientWidth || title.scrollHeight > title.clientHeight + 8,
    ),
  }))
  expect([book, cut]).toEqual([row, false])
})
