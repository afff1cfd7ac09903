import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { bookWithSounds } from '../fixtures/book-with-sounds.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { eventually, test } from './browser.ts'
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
  await page
    .getByLabel('Add from a file (PLS)')
    .setInputFiles({ name: 'words.pls', mimeType: 'application/pls+xml', buffer: Buffer.from(pls) })
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
