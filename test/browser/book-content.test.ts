import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { buildEpub } from '../fixtures/epub.ts'
import { noisyPng } from '../fixtures/noisy-png.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { eventually, test } from './browser.ts'

test.override('speakers', 1)

const filler = '<p>The harbour lay under a grey morning, and nobody said a word about the ship.</p>'.repeat(
  40,
)

const rich = buildEpub({
  title: 'The Harbour',
  pages: [
    {
      name: 'a.xhtml',
      body: `<h1>The Harbour</h1><p>Read of <a href="b.xhtml#storm">the storm</a> or <a href="https://example.org/">elsewhere</a>.</p>
        <p><img src="map.png" alt="A map of the harbour"/></p>
        <ol start="4"><li>The anchor.</li><li>The rope.<ul><li>Frayed.</li></ul></li></ol>
        <table><tr><th>Ship</th><th>Guns</th></tr><tr><td>Victory</td><td>104</td></tr></table>`,
    },
    { name: 'b.xhtml', body: `<h1>The Storm</h1>${filler}<p id="storm">Then it came.</p>${filler}` },
  ],
  nav: '<ol><li><a href="a.xhtml">The Harbour</a></li><li><a href="b.xhtml">The Storm</a></li></ol>',
  files: { 'OEBPS/map.png': noisyPng(300, 200) },
})

const hebrew = buildEpub({
  metadata: '<dc:title>הים</dc:title><dc:creator>א. ב.</dc:creator><dc:language>he</dc:language>',
  pages: [
    {
      name: 'a.xhtml',
      body: '<h1>פרק ראשון</h1><p>הים היה שקט באותו בוקר, ואיש לא אמר מילה. אז בא הקברניט בשעה 7:30.</p><p>He said that he would return.</p>',
    },
  ],
})

const text = (page: Page) => page.getByRole('region', { name: 'The text' })

test('lists, tables and images stand where the book has them, and links lead to their place', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await rich, 'rich.epub')
  const page = await device(`/novels/${novel.id}/chapters/1`, { viewport: { width: 390, height: 800 } })
  const image = text(page).getByRole('img', { name: 'A map of the harbour' })
  await eventually(async () =>
    expect(await image.evaluate((each: HTMLImageElement) => each.naturalWidth)).toBe(300),
  )
  const items = await text(page)
    .getByRole('listitem')
    .evaluateAll((all) =>
      all.map((each) => [(each as HTMLLIElement).value, each.querySelector('p')?.textContent]),
    )
  expect(items).toEqual([
    [4, 'The anchor.'],
    [5, 'The rope.'],
    [0, 'Frayed.'],
  ])
  expect(await text(page).getByRole('columnheader').allTextContents()).toEqual(['Ship ', 'Guns'])
  expect(await text(page).getByRole('cell').allTextContents()).toEqual(['Victory ', '104'])
  expect(await accessibilityFaults(page)).toEqual([])
  const outside = text(page).getByRole('link', { name: 'elsewhere' })
  expect(await outside.getAttribute('rel')).toBe('noopener noreferrer')
  expect(await outside.getAttribute('target')).toBe('_blank')

  await text(page).getByRole('link', { name: 'the storm' }).click()
  await page.waitForURL(/chapters\/2#anchor-\d+$/)
  // It is brought into view, and nothing begins to play.
  await eventually(async () => {
    const [focused, top] = await page.evaluate(() => {
      const at = document.activeElement
      return [at?.textContent, at?.getBoundingClientRect().top] as const
    })
    expect(focused).toBe('Then it came.')
    expect(top).toBeLessThan(400)
  })
  expect(await page.locator('[data-heard]').count()).toBe(0)
})

test('a book in Hebrew begins its lines on the right, and the player stays as it is', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await hebrew, 'he.epub')
  await nightjar.fetch(`/api/novels/${novel.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ voice: 'espeak:he' }),
  })
  const page = await device(`/novels/${novel.id}/chapters/1`, { viewport: { width: 820, height: 900 } })
  const boxes = await text(page).evaluate((region) => {
    const box = (block: Element | undefined, start: number, end: number) => {
      const range = document.createRange()
      const node = document.createTreeWalker(block!, NodeFilter.SHOW_TEXT).nextNode()!
      range.setStart(node, start)
      range.setEnd(node, end)
      const { left, right, top } = range.getBoundingClientRect()
      return { left, right, top }
    }
    const [first, foreign] = region.querySelectorAll('p')
    const { left, right } = region.getBoundingClientRect()
    return {
      left,
      right,
      first: box(first, 0, 3),
      second: box(first, 4, 7),
      foreign: box(foreign, 0, 2),
      listen: document.querySelector('.chapter-tools button')!.getBoundingClientRect().left,
      tools: document.querySelector('.reading-tools')!.getBoundingClientRect().left,
    }
  })
  // The first word ends at the right edge, the second stands to its left in the same line.
  expect(Math.abs(boxes.first.right - boxes.right)).toBeLessThan(2)
  expect(boxes.second.right).toBeLessThan(boxes.first.left)
  expect(boxes.second.top).toBe(boxes.first.top)
  // A paragraph in English begins on the left, as do the page's own controls.
  expect(Math.abs(boxes.foreign.left - boxes.left)).toBeLessThan(2)
  expect(boxes.listen).toBeLessThan(boxes.tools)

  // The arrow that points along the line goes on.
  const sentences = text(page).locator('[data-segment]')
  await sentences.first().focus()
  await page.keyboard.press('ArrowLeft')
  expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.segment)).toBe('1')
  await page.keyboard.press('ArrowRight')
  expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.segment)).toBe('0')
  expect(await accessibilityFaults(page)).toEqual([])

  // The word that is heard is marked where it stands: at its place in the line, counted from the right.
  await page.getByRole('button', { name: 'Listen', exact: true }).click()
  await eventually(async () => {
    const marked = await page.evaluate(() => {
      const [range] = [...(CSS.highlights.get('spoken-word') ?? [])] as Range[]
      const sentence = document.querySelector('p [data-heard]')
      if (!range || !sentence?.contains(range.startContainer)) return undefined
      const [word, line] = [range.getBoundingClientRect(), sentence.getClientRects()[0]!]
      return {
        text: range.toString(),
        offset: (sentence.textContent ?? '').indexOf(range.toString()),
        fromRight: line.right - word.right,
        sameLine: Math.abs(word.top - line.top) < line.height,
      }
    })
    // The third word and those behind it stand further to the left than the first.
    expect(marked?.offset).toBeGreaterThan(6)
    expect(marked?.text).toMatch(/^[\u0590-\u05ff]+$/)
    expect(marked?.sameLine).toBe(true)
    expect(marked?.fromRight).toBeGreaterThan(40)
  })
})
