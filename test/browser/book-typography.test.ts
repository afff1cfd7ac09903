import { expect } from 'vitest'
import { buildEpub } from '../fixtures/epub.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { expectPlayback } from './audio-playback.ts'
import { eventually, test } from './browser.ts'

test.override('speakers', 1)

const rich = buildEpub({
  title: 'A Book of Notes',
  pages: [
    {
      name: 'a.xhtml',
      body: `<h1>The Sea</h1><p>It was <em>never</em> calm<a epub:type="noteref" href="#n1">1</a> in <b>those</b> days.</p>
        <p dir="rtl">\u05d4\u05d9\u05dd \u05dc\u05d0 \u05e9\u05e7\u05d8.</p>
        <aside epub:type="footnote" id="n1"><p>The North Sea is meant.</p></aside>`,
    },
  ],
})

test('the book’s emphasis is kept, notes open in place, and the word is marked within it', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await rich, 'rich.epub')
  await nightjar.fetch(`/api/novels/${novel.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ voice: 'espeak:en-us' }),
  })
  await nightjar.finished(await nightjar.generate(novel.id))
  const page = await device(`/novels/${novel.id}/chapters/1`)
  const text = page.getByRole('region', { name: 'The text' })
  expect(await text.locator('.paragraph em').textContent()).toBe('never')
  expect(await text.locator('.paragraph strong').textContent()).toBe('those')
  expect(
    await text
      .locator('.paragraph')
      .nth(1)
      .evaluate((block) => getComputedStyle(block).direction),
  ).toBe('rtl')

  const mark = text.getByRole('button', { name: 'Note 1' })
  await mark.focus()
  await page.keyboard.press('Enter')
  const note = page.getByRole('dialog', { name: 'Note 1' })
  await note.waitFor()
  expect(await note.textContent()).toBe('The North Sea is meant.')
  expect(await accessibilityFaults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await note.waitFor({ state: 'detached' })
  expect(await page.locator('[data-heard]').count()).toBe(0)

  // Words behind what the page added, and within elements, are marked at their own place.
  await page.getByRole('button', { name: 'Listen' }).click()
  await expectPlayback(page, 0.2)
  // At rest, since words are over before a busy machine has looked.
  await page.locator('.dock').getByRole('button', { name: 'Pause', exact: true }).click()
  const bar = page.getByRole('slider', { name: 'Place in the chapter' })
  const markedOnTheWay = () =>
    bar.evaluate(async (input: HTMLInputElement) => {
      const marked: string[] = []
      for (let seconds = 0; seconds <= Number(input.max); seconds += 0.1) {
        input.value = String(seconds)
        input.dispatchEvent(new Event('change'))
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
        const ranges = [...(CSS.highlights.get('spoken-word') ?? [])] as Range[]
        marked.push(...ranges.map((range) => range.toString()))
      }
      return marked
    })
  await eventually(async () =>
    expect(await markedOnTheWay()).toEqual(expect.arrayContaining(['never', 'those'])),
  )
})

test('a word that is selected tells how it is said, and is heard', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(await rich, 'rich.epub')
  const page = await device(`/novels/${novel.id}/chapters/1`)
  await page.locator('.paragraph em').dblclick()
  const card = page.getByRole('region', { name: 'How it is said' })
  await card.waitFor()
  await eventually(async () => expect(await card.textContent()).toMatch(/never\/n.*v/))
  expect(await accessibilityFaults(page)).toEqual([])
  const sample = page.waitForResponse((answer) => answer.url().includes('/sample'))
  await card.getByRole('button', { name: 'Hear it' }).click()
  expect((await sample).status()).toBe(200)
  expect(await card.isVisible()).toBe(true)
  await page.evaluate(() => getSelection()!.removeAllRanges())
  await card.waitFor({ state: 'detached' })
})
