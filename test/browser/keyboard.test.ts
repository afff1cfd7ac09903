import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { epub, onDisk } from './books.ts'
import { test } from './browser.ts'
import { focusIsOn, tabTo } from './keyboard.ts'
import { expectPlayback } from './audio-playback.ts'

test('the whole way goes by the keyboard alone, and the focus is always seen and never lost', async ({
  device,
  folder,
}) => {
  const page = await device()
  const press = (key: string) => page.keyboard.press(key)
  const title = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

  // The shelf: a book is chosen.
  await title('Bring a book')
  await tabTo(page, 'Skip to the page')
  await press('Enter')
  await tabTo(page, 'Add a book')
  const choosing = page.waitForEvent('filechooser')
  await press('Enter')
  const chooser = await choosing
  await chooser.setFiles(await onDisk(folder, 'keys.txt', longStory(4, 500)))
  await page.locator('.novel-card').waitFor()
  await tabTo(page, /^Put away the note/)
  await press('Enter')
  await page.locator('.upload').waitFor({ state: 'detached' })

  // A second thought about deleting it.
  await tabTo(page, 'Delete keys')
  await press('Enter')
  await page.getByRole('alertdialog').waitFor()
  // The script of dialogs is fetched late.
  await page.getByRole('alertdialog').waitFor()
  await tabTo(page, 'Delete the novel')
  await press('Escape')
  await page.getByRole('alertdialog').waitFor({ state: 'detached' })
  await focusIsOn(page, 'Delete keys')

  // The novel: another voice is looked at and not taken; two chapters are ticked.
  await tabTo(page, /^keys/, 'Shift+Tab')
  await press('Enter')
  await title('keys')
  await tabTo(page, /^Choose a voice/)
  await press('Enter')
  await page.getByRole('dialog', { name: 'Who reads it?' }).waitFor()
  await tabTo(page, 'Search voices')
  await page.keyboard.type('scotland')
  await page.getByRole('radio', { name: /Scotland/ }).waitFor()
  await press('Escape')
  await press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await focusIsOn(page, /^Choose a voice/)
  await tabTo(page, /^Select chapter 1,/)
  await press('Space')
  await tabTo(page, /^Select chapter 3,/)
  await press('Space')
  await tabTo(page, 'Speak 2 chapters', 'Shift+Tab')
  await press('Enter')
  await page.getByText('Watch it being spoken').waitFor()
  await focusIsOn(page, /./)

  // The work: paused, gone on with, cancelled, taken up again.
  await tabTo(page, 'Watch it being spoken')
  await press('Enter')
  await title('Being spoken')
  await tabTo(page, 'Pause')
  await press('Enter')
  await title('Paused')
  await focusIsOn(page, 'Go on')
  await press('Enter')
  await title('Being spoken')
  await focusIsOn(page, 'Pause')
  await tabTo(page, 'Cancel')
  await press('Enter')
  await page.getByRole('alertdialog', { name: 'Cancel this work?' }).waitFor()
  await press('Escape')
  await focusIsOn(page, 'Cancel')
  await press('Enter')
  await tabTo(page, 'Cancel the work')
  await press('Enter')
  await title('Cancelled')
  await focusIsOn(page, 'Speak what is missing')
  await press('Enter')
  await title('Being spoken')

  // The chapter that is being spoken is listened to.
  await tabTo(page, /^1 /)
  await press('Enter')
  await page.getByRole('heading', { level: 2, name: 'Chapter 1' }).waitFor()
  await page.getByRole('button', { name: 'Listen' }).waitFor()
  await tabTo(page, 'Listen')
  await press('Enter')
  await expectPlayback(page)
  await focusIsOn(page, 'Pause')
  await tabTo(page, 'Place in the chapter')
  await press('ArrowRight')
  await tabTo(page, 'Close the player')
  await press('Enter')
  await page.locator('.dock').waitFor({ state: 'detached' })
  await focusIsOn(page, /./)
})

test('where a deleted book stood, the keyboard goes on with its neighbour', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(await epub('Gone in a Moment'), 'gone.epub')
  await nightjar.add(await epub('The Neighbour'), 'neighbour.epub')
  const page = await device()
  await page.locator('.novel-card', { hasText: 'Gone in a Moment' }).waitFor()
  await tabTo(page, 'Delete Gone in a Moment')
  await page.keyboard.press('Enter')
  // The script of dialogs is fetched late.
  await page.getByRole('alertdialog').waitFor()
  await tabTo(page, 'Delete the novel')
  await page.keyboard.press('Enter')
  await page.locator('.novel-card', { hasText: 'Gone in a Moment' }).waitFor({ state: 'detached' })
  await focusIsOn(page, /^(?!.*Gone)./)
  expect((await nightjar.fetch(`/api/novels/${novel.id}`)).status).toBe(404)
})
