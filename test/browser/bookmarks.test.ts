import { expect } from 'vitest'
import type { Bookmark } from '../../src/http/contract/bookmark-contract.ts'
import type { ListenedNovelView } from '../../src/http/contract/listening-day-contract.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { expectPlayback } from './audio-playback.ts'
import { epub } from './books.ts'
import { eventually, test } from './browser.ts'

test('a sentence is marked by keyboard, noted, found on another device with what was heard, played, deleted and brought back', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('The Night Watch'), 'watch.epub')
  await nightjar.finished(await nightjar.generate(novel.id))
  const listed = async () =>
    (await nightjar.json<{ bookmarks: Bookmark[] }>(`/api/novels/${novel.id}/bookmarks`)).bookmarks
  const desk = await device(`/novels/${novel.id}/chapters/1`)
  await desk.locator('[data-segment="2"]').focus()
  await desk.keyboard.press('b')
  await desk.getByText('The sentence is marked.').waitFor()
  expect(await listed()).toMatchObject([{ chapterNumber: 1, segment: 2 }])
  await desk.getByRole('link', { name: 'Bookmarks' }).click()
  await desk.getByRole('heading', { level: 1, name: 'Bookmarks' }).waitFor()
  await desk.getByRole('textbox', { name: 'Note' }).fill('Who lit it?')
  await desk.keyboard.press('Tab')
  await eventually(async () => expect(await listed()).toMatchObject([{ note: 'Who lit it?' }]))
  expect(await accessibilityFaults(desk)).toEqual([])

  const phone = await device('/bookmarks', { viewport: { width: 390, height: 800 } })
  await eventually(async () =>
    expect(await phone.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('Who lit it?'),
  )
  await phone.getByRole('button', { name: 'Play from here' }).click()
  await expectPlayback(phone)
  await phone.getByRole('button', { name: 'Delete the bookmark' }).click()
  await phone.getByRole('heading', { name: 'No bookmarks yet' }).waitFor()
  await phone.getByRole('button', { name: 'Undo' }).click()
  await eventually(async () => expect(await listed()).toMatchObject([{ segment: 2, note: 'Who lit it?' }]))

  // The player marks what it plays, and takes it back by the same button.
  await phone.getByRole('button', { name: 'Open the full player' }).click()
  await phone.getByRole('button', { name: 'Bookmark', exact: true }).click()
  await phone.getByRole('button', { name: 'Take the bookmark back' }).waitFor()
  expect(await listed()).toHaveLength(2)
  expect(await accessibilityFaults(phone)).toEqual([])
  await phone.getByRole('button', { name: 'Take the bookmark back' }).click()
  await phone.getByRole('button', { name: 'Bookmark', exact: true }).waitFor()
  expect(await listed()).toHaveLength(1)
  await phone.keyboard.press('Escape')

  // The book has a page of its own ones, and a sentence a button beside it.
  await desk.goto(new URL(`/novels/${novel.id}`, desk.url()).href)
  await desk.getByRole('main').getByRole('link', { name: 'Bookmarks' }).click()
  await desk.getByRole('heading', { level: 2, name: 'The Night Watch' }).waitFor()
  await desk.getByRole('link', { name: 'Of all books' }).waitFor()
  await desk.goto(new URL(`/novels/${novel.id}/chapters/1`, desk.url()).href)
  await desk.locator('[data-segment="4"]').hover()
  const beside = desk.getByRole('button', { name: 'Bookmark this sentence' })
  await eventually(async () => {
    const [button, sentence] = [
      await beside.boundingBox(),
      await desk.locator('[data-segment="4"]').boundingBox(),
    ]
    expect(Math.abs(button!.y + button!.height / 2 - sentence!.y)).toBeLessThan(40)
  })
  await beside.click()
  await eventually(async () => expect(await listed()).toMatchObject([{ segment: 2 }, { segment: 4 }]))
  await desk.getByRole('button', { name: 'Undo' }).click()
  await eventually(async () => expect(await listed()).toHaveLength(1))

  // What was heard is counted.
  await eventually(async () => {
    const { novels } = await nightjar.json<{ novels: ListenedNovelView[] }>('/api/listener/hours')
    expect(novels[0]?.audioSeconds).toBeGreaterThan(0.5)
  })
  await desk.getByRole('link', { name: 'Listening' }).click()
  await desk.getByRole('heading', { name: 'By book' }).waitFor()
  await desk.getByRole('cell', { name: /\d+ s/ }).first().waitFor()
  expect(await accessibilityFaults(desk)).toEqual([])
})
