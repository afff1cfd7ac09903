import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeXml } from './encodings/text-decoding.ts'
import { readEpub, traceEpub } from './epub/epub-format.ts'
import { readPackage } from './epub/epub-package.ts'
import type { TracedBlock } from './clean-text.ts'
import { readBlocks, traceBlocks } from './xhtml/xhtml-blocks.ts'
import { writeOutEntities } from './xhtml/xml-tree.ts'
import { ZipArchive } from './epub/zip-archive.ts'

/** What a block's trace points at, white space as it stands in the block. */
function pointedAt(
  document: string,
  { text, trace = [] }: { text: string; trace?: readonly number[] | undefined },
): string {
  return [...trace]
    .map((place, at) => {
      const piece = place < 0 ? ' ' : document.slice(place).match(/^&#?\w+;|^[^]/)?.[0]
      return /^\s$/.test(piece ?? '') ? text[at] : piece
    })
    .join('')
}

const page = (body: string): string => `<html><head><title>t</title></head><body>${body}</body></html>`

test.each([
  ['plain text', '<p>The lamp was lit.</p>', 'The lamp was lit.'],
  ['inline markup', '<p>The <em>la</em>mp was <b><i>lit</i></b>.</p>', 'The lamp was lit.'],
  ['white space', '<p>\n  The\n  <em> lamp </em>\n\twas   lit. </p>', 'The lamp was lit.'],
  ['named entities', '<p>caf&eacute;&nbsp;&mdash; a bar</p>', 'café — a bar'],
  ['soft hyphens', '<p>lamp\u00adlight and\u200b so</p>', 'lamplight and so'],
  ['a note reference', '<p>Lit<a epub:type="noteref" href="#n">3</a> then 3 times.</p>', 'Lit then 3 times.'],
  [
    'a wrongly named mark',
    '<p>He <span class="pagenum">was a whole sentence. And more</span> so.</p>',
    'He was a whole sentence. And more so.',
  ],
])('the trace of %s points at the same characters in the document', (_, body, text) => {
  const xhtml = page(body)
  const [draft] = traceBlocks(xhtml, 'a.xhtml').drafts
  expect(draft?.text).toBe(text)
  expect(draft?.trace).toHaveLength(text.length)
  expect(pointedAt(writeOutEntities(xhtml), draft!)).toBe(text)
})

test('a reference is one character that stands where it begins', () => {
  const xhtml = page('<p>a&#233;&amp;&#x1F600;b</p>')
  const [draft] = traceBlocks(xhtml, 'a.xhtml').drafts
  expect(draft?.text).toBe('aé&😀b')
  const at = xhtml.indexOf('&#x1F600;')
  expect(draft?.trace?.slice(1)).toEqual([xhtml.indexOf('&#233;'), xhtml.indexOf('&amp;'), at, at, at + 9])
})

test('a letter that is composed stands where its first part does', () => {
  const xhtml = page('<p>cafe\u0301 x</p>')
  const [draft] = traceBlocks(xhtml, 'a.xhtml').drafts
  const at = xhtml.indexOf('cafe')
  expect(draft?.text).toBe('café x')
  expect(draft?.trace).toEqual([at, at + 1, at + 2, at + 3, at + 5, at + 6])
})

test('lines of verse, lines of a preformatted text and paragraphs of line breaks keep their places', () => {
  const xhtml = page(
    '<div class="poem"><p>One line</p><p>and another</p></div><pre>so\n  it\nwent</pre><p>First part.<br/><br/>Second part.</p>',
  )
  const { drafts } = traceBlocks(xhtml, 'a.xhtml')
  expect(drafts.map(({ text }) => text)).toEqual(readBlocks(xhtml, 'a.xhtml').drafts.map(({ text }) => text))
  for (const draft of drafts)
    expect(pointedAt(xhtml, draft).replaceAll(/\s/g, ' ')).toBe(draft.text.replaceAll('\n', ' '))
})

test('a document that can only be read as HTML has blocks and no trace', () => {
  const [draft] = traceBlocks('<P>One<P>Two', 'a.html').drafts
  expect(draft).toMatchObject({ text: 'One' })
  expect(draft?.trace).toBeUndefined()
})

const books = new URL('../../../shared/books/', import.meta.url)

test
  .skipIf(!existsSync(books))
  .each(['the-time-machine.epub', 'the-waste-land.epub', 'childrens-literature.epub'])(
  'every character of %s is found where its trace says',
  async (name) => {
    const path = new URL(name, books).pathname
    const archive = await ZipArchive.open(path)
    try {
      const epub = await readPackage(archive)
      const traced = await traceEpub(archive, epub)
      const { novel } = await readEpub(path, name)
      expect(traced.map((blocks) => blocks.map(({ text }) => text))).toEqual(
        novel.chapters.map(({ blocks }) => blocks.map(({ text }) => text)),
      )
      const documents = new Map<string, string>()
      for (const { file } of epub.spine) {
        const bytes = await archive.read(file)
        if (bytes) documents.set(file, writeOutEntities(decodeXml(bytes).text))
      }
      const blocks: readonly TracedBlock[] = traced.flat().filter(({ text }) => text !== '')
      for (const block of blocks)
        expect(words(pointedAt(documents.get(block.file ?? '') ?? '', block))).toBe(words(block.text))
    } finally {
      await archive.close()
    }
  },
)

/** Without what the reader of blocks cleans away: white space and references. */
function words(text: string): string {
  return text
    .replaceAll(/&#x(\w+);/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .normalize('NFC')
    .replaceAll(/\s+/g, ' ')
}
