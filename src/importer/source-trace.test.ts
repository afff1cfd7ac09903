import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeXml } from './encodings/text-decoding.ts'
import { readEpub, traceEpub } from './epub/epub-format.ts'
import { readPackage } from './epub-package.ts'
import type { TracedBlock } from './clean-text.ts'
import { readBlocks, traceBlocks } from './xhtml/xhtml-blocks.ts'
import { writeOutEntities } from './xhtml/xml-tree.ts'
import { ZipArchive } from './zip-archive.ts'

/** The source text that a block's trace points at, white space as in the block. */
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

test('a character reference is one character, at the reference’s offset', () => {
  const xhtml = page('<p>a&#233;&amp;&#x1F600;b</p>')
  const [draft] = traceBlocks(xhtml, 'a.xhtml').drafts
  expect(draft?.text).toBe('aé&😀b')
  const at = xhtml.indexOf('&#x1F600;')
  expect(draft?.trace?.slice(1)).toEqual([xhtml.indexOf('&#233;'), xhtml.indexOf('&amp;'), at, at, at + 9])
})

test('a composed letter has the offset of its first part', () => {
  const xhtml = page('<p>cafe\u0301 x</p>')
  const [draft] = traceBlocks(xhtml, 'a.xhtml').drafts
  const at = xhtml.indexOf('cafe')
  expect(draft?.text).toBe('café x')
  expect(draft?.trace).toEqual([at, at + 1, at + 2, at + 3, at + 5, at + 6])
})

test('lines of verse, preformatted lines and paragraphs separated by line breaks keep their offsets', () => {
  const xhtml = page(
    '<div class="poem"><p>One line</p><p>and another</p></div><pre>so\n  it\nwent</pre><p>First part.<br/><br/>Second part.</p>',
  )
  const { drafts } = traceBlocks(xhtml, 'a.xhtml')
  expect(drafts.map(({ text }) => text)).toEqual(readBlocks(xhtml, 'a.xhtml').drafts.map(({ text }) => text))
  for (const draft of drafts)
    expect(pointedAt(xhtml, draft).replaceAll(/\s/g, ' ')).toBe(draft.text.replaceAll('\n', ' '))
})

test('a document that can only be read as HTML has blocks without a trace', () => {
  const [draft] = traceBlocks('<P>One<P>Two', 'a.html').drafts
  expect(draft).toMatchObject({ text: 'One' })
  expect(draft?.trace).toBeUndefined()
})

const books = new URL('../../../shared/books/', import.meta.url)

test
  .skipIf(!existsSync(books))
  .each(['the-time-machine.epub', 'the-waste-land.epub', 'childrens-literature.epub'])(
  'the trace of every character of %s points at that character',
  async (name) => {
    const path = new URL(name, books).pathname
    const archive = await ZipArchive.open(path)
    try {
      const epub = await readPackage(archive)
      const traced = await traceEpub(path)
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

/** Without what block reading normalizes: white space and references. */
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
