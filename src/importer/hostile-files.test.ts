import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { azw3 } from '../../test/fixtures/azw3.ts'
import { booksByFormat, docx, odt } from '../../test/fixtures/books-by-format.ts'
import { buildEpub, zip } from '../../test/fixtures/epub.ts'
import { importBytes } from '../../test/fixtures/import-bytes.ts'
import { importOutcome, repeated } from '../../test/fixtures/import-outcome.ts'
import { Failure } from '../novel/failure.ts'

// Hostile files of every format: each is read, or refused with a sentence that says why. Rules that compare each with each, and files
// that unpack without end, would take minutes here, or all memory.

const formats = Object.entries(booksByFormat)
const said = 'It was a long way to the sea, and nobody came back to tell of it.'
const small = [
  { title: 'Chapter 1', paragraphs: [said, said] },
  { title: 'Chapter 2', paragraphs: [said] },
]

describe.each(formats)('of the format %s', (ending, build) => {
  test('a line and a title of two million characters are read', async () => {
    // Nothing that a zip could take for a bomb.
    const line = randomBytes(1_500_000).toString('base64')
    const novel = await importOutcome(
      await build([{ title: line.slice(0, 200_000), paragraphs: [line] }]),
      ending,
    )
    expect(novel).toHaveProperty('chapters')
    if (novel instanceof Failure) return
    // What a PDF draws beyond the edge of its page is not seen by anybody.
    expect(novel.report.characters).toBeGreaterThan(ending === 'pdf' ? 0 : line.length)
    for (const { title, part = '', blocks } of novel.chapters) {
      expect(title.length + part.length).toBeLessThan(1_100)
      expect(Math.max(...blocks.map(({ text }) => text.length))).toBeLessThan(300_000)
    }
    expect(novel.title.length).toBeLessThanOrEqual(500)
  })

  test('a file that is cut at any of twenty places is read or refused', async () => {
    const bytes = await build(small)
    expect(await importOutcome(bytes, ending)).toHaveProperty('chapters')
    for (let part = 1; part < 20; part++)
      await importOutcome(bytes.subarray(0, Math.floor((bytes.length * part) / 20)), ending)
  })

  test('a file with the first bytes of another is read or refused', async () => {
    const bytes = await build(small)
    for (const magic of [
      '%PDF-1.7\n',
      'PK\u0003\u0004',
      '{\\rtf1 ',
      '<FictionBook>',
      'GIF89a',
      '\0\0\0\0\0\0\0\0',
    ]) {
      const changed = Uint8Array.from(bytes)
      changed.set(Buffer.from(magic, 'latin1').subarray(0, changed.length))
      await importOutcome(changed, ending)
    }
    const changed = Uint8Array.from(bytes)
    changed.set(Buffer.from('BOOKMOBI'), 60)
    await importOutcome(changed, ending)
  })
})

const blanks = ' '.repeat(4 * 1024 * 1024)
const relationship = (id: string, kind: string, target: string): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="${target}"/></Relationships>`
const picture = `<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="i1"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`
const words = `<w:p><w:r><w:t>${said}</w:t></w:r></w:p>`

describe('files in a zip that unpack to a thousand times their size', () => {
  test.each<[string, string, () => Promise<Uint8Array>]>([
    ['a Word document', 'docx', () => docx(words + blanks)],
    [
      'a Word document whose text has another name',
      'docx',
      () =>
        zip([
          ['_rels/.rels', relationship('r1', 'officeDocument', 'word/text.bin')],
          ['word/document.xml', 'x'],
          ['word/text.bin', blanks],
        ]),
    ],
    ['an OpenDocument text', 'odt', () => odt(`<text:p>${said}</text:p>${blanks}`)],
    ['a FictionBook', 'fb2.zip', () => zip([['a.fb2', `<FictionBook><body><p>${said}</p></body>${blanks}`]])],
    ['a web page', 'zip', () => zip([['a.html', `<p>${said}</p>${blanks}`]])],
    ['an EPUB', 'epub', () => buildEpub({ pages: [{ name: 'a.xhtml', body: `<p>${said}</p>${blanks}` }] })],
  ])('%s is refused', async (_, ending, build) => {
    expect(await importOutcome(await build(), ending)).toMatchObject({
      code: 'novel.hostile',
      message: expect.stringContaining('unpacks to more than 200 times its size'),
    })
  })

  test('an image in a Word document is not unpacked', async () => {
    const bytes = await docx(words + picture, [
      ['word/_rels/document.xml.rels', relationship('i1', 'image', 'media/a.png')],
      ['word/media/a.png', blanks],
    ])
    const novel = await importBytes(bytes, 'a.docx')
    expect(novel.report.remarks.join()).toContain('a.png')
  })
})

describe('entities', () => {
  const levels = repeated((n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`, 12)
  const declared = `<!DOCTYPE x [<!ENTITY e0 "haha"><!ENTITY long "${'ha'.repeat(50_000)}"><!ENTITY file SYSTEM "file:///etc/passwd">${levels}]>`
  const used = `Here are &e12; and &file; and ${'&long;'.repeat(2_000)}.`
  test.each<[string, () => Promise<Uint8Array> | string | Uint8Array]>([
    [
      'fb2',
      () =>
        `<?xml version="1.0"?>${declared}<FictionBook><body><section><p>${used}</p></section></body></FictionBook>`,
    ],
    ['odt', () => odt(`<text:p>${used}</text:p>`, '', declared)],
    [
      'docx',
      () =>
        zip([
          [
            'word/document.xml',
            `${declared}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${used}</w:t></w:r></w:p></w:body></w:document>`,
          ],
        ]),
    ],
    [
      'html',
      () => `${declared.replace('DOCTYPE x', 'DOCTYPE html')}<html><body><p>${used}</p></body></html>`,
    ],
    ['md', () => `# One\n\n# Two\n\n${declared}\n\n${used}\n`],
    ['azw3', () => azw3([`${declared}<p>${used}</p>`])],
  ])('of a document in %s are not expanded, nor read from the disk', async (ending, build) => {
    const novel = await importOutcome(await build(), ending)
    const text =
      novel instanceof Failure
        ? ''
        : novel.chapters.flatMap(({ blocks }) => blocks.map((block) => block.text)).join()
    expect(text.length).toBeLessThan(300_000)
    expect(text).not.toContain('root:')
    expect(novel instanceof Failure || text.includes('Here are')).toBe(true)
  })
})

test('the part of a chapter is as short as a title', async () => {
  const inner = `<section><title><p>In</p></title><p>${said}</p></section>`
  const book = `<FictionBook><body><section><title><p>${'word '.repeat(400_000)}</p></title>${inner.repeat(3)}</section></body></FictionBook>`
  const { chapters } = await importBytes(book, 'a.fb2')
  expect(chapters.map(({ part = '' }) => part.length <= 500)).toEqual(chapters.map(() => true))
})

test('a note that nothing refers to is kept', async () => {
  const { chapters } = await importBytes(`# One\n\n# Two\n\n${said}\n\n[^a]: Never told.\n`, 'a.md')
  expect(JSON.stringify(chapters)).toContain('Never told.')
})
