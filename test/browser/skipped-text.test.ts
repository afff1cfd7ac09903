import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { test } from './browser.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { focusIsOn } from './keyboard.ts'
import { smallTargets } from './touch-targets.ts'

test.override('speakers', 1)

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const licence = Array.from({ length: 40 }, (_, at) => `Section ${at + 1}. These are the terms of use.`)
const book = `The Project Gutenberg eBook of The Small Mill

This ebook is for the use of anyone anywhere.

Title: The Small Mill

Author: A. Writer

*** START OF THE PROJECT GUTENBERG EBOOK THE SMALL MILL ***

Chapter 1

${Array.from({ length: 60 }, (_, at) => `On day ${at + 1} the wheel stood still, and nobody asked why.`).join('\n\n')}

(End of the chapter)

Chapter 2

The stone was cracked. It ground nothing but time.

(End of the chapter)

*** END OF THE PROJECT GUTENBERG EBOOK THE SMALL MILL ***

${licence.join('\n\n')}
`
const group = (page: Page, name: RegExp) => page.getByRole('group', { name })
const button = (page: Page, name: RegExp) =>
  group(page, name).getByRole('button', { name: 'Read this aloud' })

test('what was left out of a chapter is shown with the reason, and read aloud at a press', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(new TextEncoder().encode(book), 'mill.txt')
  const path = `/novels/${novel.id}/chapters`
  const page = await device(`${path}/2`, phone)
  const notice = group(page, /^Not read aloud: publisher’s notice or licence\. Who published/)
  await notice.waitFor()
  expect(await notice.locator('details[open]').count()).toBe(0)
  await notice.locator('summary').tap()
  await notice.getByText('Section 40. These are the terms of use.').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  expect(await smallTargets(page)).toEqual([])
  await button(page, /licence/).tap()
  await notice.waitFor({ state: 'detached' })
  const text = page.getByRole('region', { name: 'The text' })
  await text.locator('p', { hasText: 'Section 40.' }).waitFor()
  await focusIsOn(page, /^\*\*\* END OF THE PROJECT/)
  const { chapter } = await nightjar.json<{ chapter: Chapter }>(`/api${path}/2`)
  expect(chapter.skips.filter(({ reason }) => reason === 'frame')).toEqual([])
})

test('a chapter that is being spoken takes a text in by the keyboard as well, and its generation goes on with it', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(new TextEncoder().encode(book.replaceAll('wheel', 'cart')), 'cart.txt')
  const path = `/novels/${novel.id}/chapters/1`
  const progress = await nightjar.generate(novel.id, [1])
  await nightjar.post(`/api/worker/progress/${progress}/pause`, {})
  const { segmentsTotal } = await nightjar.progress(progress)
  const page = await device(path)
  await button(page, /end of chapter/).press('Enter')
  await focusIsOn(page, '(End of the chapter)')
  await group(page, /end of chapter/).waitFor({ state: 'detached' })
  expect(await nightjar.progress(progress)).toMatchObject({
    status: 'paused',
    segmentsTotal: segmentsTotal + 1,
  })
  await nightjar.post(`/api/worker/progress/${progress}/cancel`, {})
})

test('a page that was open when another text was taken in takes in the one that is pressed, and in its place', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(
    new TextEncoder().encode(book.replaceAll('stone', 'brick')),
    'brick.txt',
  )
  const path = `/novels/${novel.id}/chapters/2`
  const page = await device(path)
  await button(page, /licence/).waitFor()
  await nightjar.fetch(`/api${path}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ takeIn: 0 }),
  })
  await button(page, /licence/).click()
  await page.getByText('This chapter was changed elsewhere.').waitFor()
  await button(page, /licence/).click()
  await group(page, /licence/).waitFor({ state: 'detached' })
  const { chapter } = await nightjar.json<{ chapter: Chapter }>(`/api${path}`)
  const texts = chapter.blocks.map(({ text }) => text)
  expect(texts.slice(2)).toEqual([
    '(End of the chapter)',
    expect.stringMatching(/END OF THE PROJECT/),
    ...licence,
  ])
})
