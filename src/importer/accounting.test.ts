import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Parser } from 'htmlparser2'
import { expect, test } from 'vitest'
import { census, importedTexts } from '../../test/fixtures/character-census.ts'
import { buildEpub } from '../../test/fixtures/epub.ts'
import { importBytes } from '../../test/fixtures/import-bytes.ts'
import { decodeXml } from './encodings/text-decoding.ts'
import { importBook } from './importer.ts'
import { readPackage } from './epub-package.ts'
import { ZipArchive } from './zip-archive.ts'

// Every character of the source is in a block or in a skip.

/** The text between the tags of a body; an empty page break has its number in its title. */
function bodyText(xhtml: string): string {
  let text = ''
  let inBody = false
  let silent = 0
  let pageBreak: { at: number; title: string } | undefined
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (name === 'body') inBody = true
        if (name === 'svg' || name === 'script') silent += 1
        if (attributes['epub:type'] === 'pagebreak')
          pageBreak = { at: text.length, title: attributes['title'] ?? '' }
      },
      onclosetag: (name) => {
        if (name === 'body') inBody = false
        if (name === 'svg' || name === 'script') silent -= 1
        if (pageBreak !== undefined && pageBreak.at === text.length) text += pageBreak.title
        pageBreak = undefined
      },
      ontext: (data) => {
        if (inBody && silent === 0) text += data
      },
    },
    { xmlMode: true },
  )
  parser.end(xhtml)
  return text
}

async function sourceTexts(path: string): Promise<string[]> {
  const archive = await ZipArchive.open(path)
  try {
    const { spine } = await readPackage(archive)
    const pages = await Promise.all(spine.map(async ({ file }) => archive.read(file)))
    return pages.map((bytes) => bodyText(decodeXml(bytes ?? new Uint8Array()).text))
  } finally {
    await archive.close()
  }
}

test('every character of a page is in a block or in a skip', async () => {
  const body = `Loose <h1>I<br/>The Sea</h1><p>Sea<a epub:type="noteref" href="#n">1</a> <ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>
    <span class="pagenum">[12]</span> e\u0301te\u0301.<sup><a href="gone.xhtml#x">*</a></sup></p><aside epub:type="footnote" id="n"><p>Note</p></aside>
    <div class="poem"><div>One<span class="lnum">5</span></div><div>Two</div></div><p>* * *</p><p hidden="">Hidden</p>
    <table><tr><td>a</td><td>b</td></tr></table><p>End<br/><br/>of it</p><hr/><section epub:type="endnotes"><p>Note 2</p></section>`
  const novel = await importBytes(await buildEpub({ pages: [{ name: 'a.xhtml', body }] }), 'a.epub')
  expect(census(importedTexts(novel.chapters))).toEqual(census([bodyText(`<body>${body}</body>`)]))
})

test('skip offsets are inside their blocks, and blocks contain no collapsible white space', async () => {
  const body =
    '<p> A  <span epub:type="pagebreak">1</span> b<a epub:type="noteref">2</a> </p><p><span epub:type="pagebreak">3</span></p>'
  const novel = await importBytes(await buildEpub({ pages: [{ name: 'a.xhtml', body }] }), 'a.epub')
  expect(novel.chapters[0]).toMatchObject({
    blocks: [{ text: 'A b' }],
    skips: [{ start: 1 }, { start: 3 }, { start: 3 }],
  })
})

const booksFolder = new URL('../../../shared/books/', import.meta.url)
for (const book of [
  'the-time-machine',
  'frankenstein',
  'war-and-peace',
  'childrens-literature',
  'the-waste-land',
]) {
  const path = fileURLToPath(new URL(`${book}.epub`, booksFolder))
  test.skipIf(!existsSync(path))(
    `every character of ${book} is in a block or in a skip (needs ../shared/books)`,
    async () => {
      const novel = await importBook(path, `${book}.epub`)
      expect(census(importedTexts(novel.chapters))).toEqual(census(await sourceTexts(path)))
      for (const { blocks, skips } of novel.chapters) {
        for (const { kind, text } of blocks) {
          expect(text).toBe(text.normalize('NFC').trim())
          expect(text).not.toMatch(kind === 'verse' ? /[^\S\n ]| {2}|\n\n/ : /[^\S ]| {2}/)
          expect(text !== '' || kind === 'scene-break').toBe(true)
        }
        for (const { block, start, end } of skips) {
          expect(start).toBeLessThanOrEqual(end)
          expect(end).toBeLessThanOrEqual(blocks[block]?.text.length ?? -1)
        }
      }
    },
  )
}
