import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { LexiconView } from '../../src/http/contract/lexicon-contract.ts'
import { announced } from './announced.ts'
import { bookWithSounds } from '../fixtures/book-with-sounds.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { eventually, test } from './browser.ts'
import { focusIsOn, tabTo } from './keyboard.ts'
import { smallTargets } from './touch-targets.ts'

test.override('speakers', 1)

const story = new TextEncoder().encode(`Chapter 1

Then Mr. Bolkonsky came into the room, and the dog came after him.

It was late when Monsieur Robineaux spoke of the rain to Bolkonsky and the others.
`)

const entries = (page: Page) => page.locator('.words-list strong').allTextContents()
const names = (page: Page) => page.locator('.words-names h3').allTextContents()

test('a name is found, said differently, heard to be fine, taken along, and the change undone', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(story, 'story.txt')
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('link', { name: 'Names and words' }).click()
  await eventually(async () => expect((await names(page)).toSorted()).toEqual(['Bolkonsky', 'Robineaux']))
  expect(await accessibilityFaults(page)).toEqual([])

  // Its proposal is taken by keyboard alone: the focus goes to what is said.
  await page.getByRole('button', { name: /^Take it ?: Robineaux$/ }).focus()
  await page.keyboard.press('Enter')
  const sounds = page.getByRole('textbox', { name: 'Sounds' })
  await eventually(async () => expect(await sounds.inputValue()).not.toBe(''))
  await page.keyboard.press('Enter')
  await eventually(async () => expect(await entries(page)).toEqual(['Robineaux']))
  await eventually(async () => expect(await names(page)).toEqual(['Bolkonsky']))
  await page.getByText('The book is said so.').waitFor()

  await page.getByRole('button', { name: /^Fine as it is ?: Bolkonsky$/ }).click()
  await page.getByText('There is no name left to check.').waitFor()
  await page.reload()
  await page.getByText('There is no name left to check.').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])

  // What is taken along is a lexicon that can be added again.
  const address = await page.getByRole('link', { name: 'Take along (PLS)' }).getAttribute('href')
  const pls = await (await fetch(new URL(address!, page.url()))).text()
  expect(pls).toContain('<grapheme>Robineaux</grapheme>')
  await page.getByRole('button', { name: 'Undo' }).click()
  await eventually(async () => expect(await entries(page)).toEqual([]))
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Add from a file (PLS)' }).click()
  const chooser = await choosing
  expect(chooser.isMultiple()).toBe(false)
  await chooser.setFiles({ name: 'words.pls', mimeType: 'application/pls+xml', buffer: Buffer.from(pls) })
  await page.getByText('1 word was taken.').waitFor()
  await eventually(async () => expect(await entries(page)).toEqual(['Robineaux']))

  await page.setViewportSize({ width: 390, height: 844 })
  expect(await smallTargets(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})

test('what a book itself says of its words is told, and switched off and on', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await bookWithSounds(), 'said.epub')
  const page = await device(`/novels/${novel.id}/words`)
  const darcy = page.locator('.words-list li', { hasText: 'Darcy' })
  await darcy.getByText('from the book').waitFor()
  await darcy.getByRole('button', { name: /^Switch off/ }).click()
  await darcy.getByText('from the book · off').waitFor()
  await page.getByText('The book is said so.').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await darcy.getByRole('button', { name: /^Switch on/ }).focus()
  await page.keyboard.press('Enter')
  await darcy.getByRole('button', { name: /^Switch off/ }).waitFor()
})

test('in the text a word is come to by the keyboard, heard, said differently where it stands, and that undone', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(story.slice(0, -1), 'spoken.txt')
  await nightjar.finished(await nightjar.generate(novel.id, [1]))
  const page = await device(`/novels/${novel.id}/chapters/1`)
  const card = page.getByRole('region', { name: 'How it is said' })
  const dialog = page.getByRole('dialog', { name: 'Say it differently' })
  const differently = card.getByRole('button', { name: 'Say it differently' })
  const written = async () => {
    const { lexicon } = await nightjar.json<{ lexicon: LexiconView }>(`/api/novels/${novel.id}/lexicon`)
    return lexicon.scopes.flatMap(({ entries }) => entries.map((each) => `${each.written}: ${each.words}`))
  }
  const toBolkonsky = async () => {
    await page.locator('[data-segment]', { hasText: 'Bolkonsky came' }).focus()
    await page.keyboard.press('Escape')
    for (const word of ['Then', 'Mr', 'Bolkonsky']) {
      await page.keyboard.press('w')
      await page.waitForFunction((wanted) => getSelection()?.toString() === wanted, word)
    }
    await page.keyboard.press('Enter')
    await focusIsOn(page, /^Hear it/)
  }

  await toBolkonsky()
  await card.getByText(/^\/.*b.*\/$/).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await card.waitFor({ state: 'detached' })
  await focusIsOn(page, /Bolkonsky came/)

  // What it costs, and how it sounds in its sentence, before it is kept.
  await toBolkonsky()
  await tabTo(page, 'Say it differently')
  await page.keyboard.press('Enter')
  await focusIsOn(page, 'Other words')
  await page.keyboard.type('Bol con ski')
  await dialog.getByText(/^Re-makes 2 sentences in 1 chapter/).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  const heard = page.waitForResponse(/\/lexicon\/hear$/)
  await tabTo(page, /^Hear it/)
  await page.keyboard.press('Enter')
  expect((await heard).status()).toBe(200)
  expect((await heard).request().postDataJSON().sentence).toContain('came into the room')
  expect(await written()).toEqual([])
  await tabTo(page, 'Keep it')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.locator('.undo').hover()
  expect((await announced(page)).join(' ')).toContain('“Bolkonsky” is said differently')
  await focusIsOn(page, /Bolkonsky came/)
  expect(await written()).toEqual(['Bolkonsky: Bol con ski'])
  await toBolkonsky()
  await card.getByText('“Bol con ski”').waitFor()
  await page.locator('.undo').getByRole('button', { name: 'Undo' }).click()
  await eventually(async () => expect(await written()).toEqual([]))

  // On a phone the form is a sheet from below.
  await page.setViewportSize({ width: 390, height: 844 })
  await toBolkonsky()
  await differently.click()
  await focusIsOn(page, 'Other words')
  expect(await smallTargets(page)).toEqual([])
  const { x, y, width, height } = (await page.locator('.say-sheet').boundingBox())!
  const screen = (await page.locator('.say-veil').boundingBox())!.width
  expect([x, width, y + height]).toEqual([0, screen, 844])
  await dialog.getByRole('button', { name: 'Never mind' }).click()
  await dialog.waitFor({ state: 'detached' })
})
