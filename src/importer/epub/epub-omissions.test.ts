import { expect, test } from 'vitest'
import { buildEpub } from '../../../test/fixtures/epub.ts'
import { gutenbergEpubs } from '../../../test/fixtures/gutenberg.ts'
import { importBytes, listed } from '../../../test/fixtures/import-bytes.ts'

const item = ([href, title]: readonly [string, string]): string => `<li><a href="${href}">${title}</a></li>`

for (const [shape, build] of Object.entries(gutenbergEpubs))
  test(`the frame of Project Gutenberg is left out with a remark: ${shape}`, async () => {
    const novel = await importBytes(await build(), 'mill.epub')
    expect(novel.title).toBe('The Small Mill')
    const narrated = novel.chapters.filter(({ matter }) => matter === 'body')
    expect(narrated.map(({ title }) => title)).toEqual(['CHAPTER I. The Wheel', 'CHAPTER II. The Stone'])
    expect(narrated.at(-1)?.blocks.at(-1)?.text).toBe('So the tale ends here.')
    const text = novel.chapters.flatMap(({ blocks }) => blocks.map((block) => block.text)).join('\n')
    expect(text).not.toMatch(/Gutenberg|anyone anywhere|Section 1|licen[cs]e/i)
    const skipped = novel.chapters.flatMap(({ skips }) => skips)
    const frame = skipped.flatMap(({ reason, text: what }) => (reason === 'frame' ? [what] : [])).join('\n')
    expect(frame).toContain('*** START OF THE PROJECT GUTENBERG EBOOK THE SMALL MILL ***')
    expect(frame).toContain('Section 1. General terms of use')
    expect(novel.report.remarks).toContain('The header and licence of Project Gutenberg were left out.')
  })

test('the lines of a title page are one chapter of front matter', async () => {
  const novel = await importBytes(await gutenbergEpubs['sections with ids']!(), 'mill.epub')
  expect(listed(novel)).toEqual([
    'front | THE SMALL MILL',
    'body | CHAPTER I. The Wheel',
    'body | CHAPTER II. The Stone',
  ])
  expect(novel.chapters[0]?.blocks.map(({ text }) => text)).toEqual([
    'THE SMALL MILL',
    'OR',
    'A TALE OF WATER',
    'By A. Writer',
  ])
})

test('a title page above the contents is not part of the story', async () => {
  const entries = [1, 2].map((number) => item([`c${number}.xhtml#c`, `CHAPTER ${number}`]))
  const novel = await importBytes(
    await buildEpub({
      title: 'Emma',
      pages: [
        { name: 'h.xhtml', body: '<h1 id="t">Emma</h1><h2 id="by">by Anna Bell</h2>' },
        ...[1, 2].map((number) => ({
          name: `c${number}.xhtml`,
          body: `${number === 1 ? '<h2>VOLUME I</h2>' : ''}<h2 id="c">CHAPTER ${number}</h2><p>It went on.</p>`,
        })),
      ],
      nav: `<ol><li><a href="h.xhtml#t">Emma</a><ol><li><a href="h.xhtml#by">by Anna Bell</a></li><li><a href="c1.xhtml">VOLUME I</a><ol>${entries.join('')}</ol></li></ol></li></ol>`,
    }),
    'a.epub',
  )
  expect(listed(novel)).toEqual([
    'front | Emma',
    'body | VOLUME I | CHAPTER 1',
    'body | VOLUME I | CHAPTER 2',
  ])
  expect(novel.chapters[1]?.blocks.map(({ text }) => text)).toEqual(['VOLUME I', 'CHAPTER 1', 'It went on.'])
})

test('a table of contents below the title page is not narrated', async () => {
  const rows = [1, 2, 3, 4].map(
    (number) => `<tr><td><a href="c${number}.xhtml#c">CHAPTER ${number}.</a></td><td>Of Water</td></tr>`,
  )
  const novel = await importBytes(
    await buildEpub({
      title: 'The Small Mill',
      pages: [
        { name: 'h.xhtml', body: `<h1>The Small Mill</h1><h2>Contents</h2><table>${rows.join('')}</table>` },
        ...[1, 2, 3, 4].map((number) => ({
          name: `c${number}.xhtml`,
          body: `<h2 id="c">CHAPTER ${number}.</h2><h3>Of Water</h3><p>It ran, see <a href="c1.xhtml">the first chapter</a>.</p>`,
        })),
      ],
      nav: `<ol>${[['h.xhtml', 'The Small Mill'] as const, ...[1, 2, 3, 4].map((number) => [`c${number}.xhtml#c`, `CHAPTER ${number}.`] as const)].map(item).join('')}</ol>`,
    }),
    'a.epub',
  )
  expect(listed(novel)).toEqual([
    'front | The Small Mill',
    ...[1, 2, 3, 4].map((number) => `body | CHAPTER ${number}. Of Water`),
  ])
  expect(novel.chapters[0]?.skips.map(({ reason, text }) => `${reason}: ${text}`)).toEqual([
    'table-of-contents: Contents',
    ...[1, 2, 3, 4].map((number) => `table-of-contents: CHAPTER ${number}. Of Water`),
  ])
})

test('headings listed apart from their chapter begin it, and a part is above its chapters', async () => {
  const body =
    '<h1 id="p">PART ONE</h1><h2 id="a">CHAPTER I</h2><h3 id="b">The Storm</h3><p>It blew.</p><h2 id="c">CHAPTER II</h2><p>It rained.</p><h1 id="q">PART TWO</h1><h2 id="d">CHAPTER I</h2><p>It was over.</p>'
  const entries = [
    ['a.xhtml#p', 'PART ONE'],
    ['a.xhtml#a', 'CHAPTER I'],
    ['a.xhtml#b', 'The Storm'],
    ['a.xhtml#c', 'CHAPTER II'],
    ['a.xhtml#q', 'PART TWO'],
    ['a.xhtml#d', 'CHAPTER I'],
  ] as const
  const novel = await importBytes(
    await buildEpub({ pages: [{ name: 'a.xhtml', body }], nav: `<ol>${entries.map(item).join('')}</ol>` }),
    'a.epub',
  )
  expect(listed(novel)).toEqual([
    'body | PART ONE | CHAPTER I: The Storm',
    'body | PART ONE | CHAPTER II',
    'body | PART TWO | CHAPTER I',
  ])
  expect(novel.chapters[0]?.blocks.map(({ text }) => text)).toEqual([
    'PART ONE',
    'CHAPTER I',
    'The Storm',
    'It blew.',
  ])
})
