import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { docx, odt } from '../../test/fixtures/books-by-format.ts'
import { buildEpub, zip } from '../../test/fixtures/epub.ts'
import { importOutcome, repeated } from '../../test/fixtures/import-outcome.ts'
import { mobi } from '../../test/fixtures/mobi.ts'
import { Failure } from '../novel/failure.ts'
import { linesOf } from './pdf/pdf-page.ts'

// A rule that compares each with each would need minutes here.

type Bytes = string | Uint8Array
const said = 'It was a long way to the sea, and nobody came back to tell of it.'
const words = `<w:p><w:r><w:t>${said}</w:t></w:r></w:p>`

const saved = '<!-- saved from url=(0018)https://a.example/ -->'
describe('time in proportion to', () => {
  test.each<[string, string, () => Promise<Bytes> | Bytes, 'read' | 'refused']>([
    [
      'drawings around an article that do not end',
      'html',
      () => `<!doctype html><body><article><p>${said}</p></article>${'<svg '.repeat(200_000)}`,
      'read',
    ],
    [
      'marks of a query in a link, before a line end',
      'html',
      () => `<!doctype html><body><p><a href="x${'?'.repeat(400_000)}\nx">${said}</a></p>`,
      'read',
    ],
    [
      'open elements of an index',
      'zip',
      () =>
        zip([
          ['index.html', '<b>'.repeat(300_000) + randomBytes(9000).toString('hex')],
          ['b.html', `<p>${said}</p>`],
        ]),
      'refused',
    ],
    [
      'open elements of a saved page',
      'html',
      () => `<!doctype html>${saved}<body><p>${said}</p>${'<b>'.repeat(500_000)}`,
      'refused',
    ],
    [
      'open elements of styles',
      'odt',
      () => odt('x', '<a>'.repeat(400_000) + randomBytes(9000).toString('hex')),
      'refused',
    ],
    [
      'links of contents that do not end',
      'mobi',
      () =>
        mobi(
          `<html><head><guide><reference type="toc" filepos=0000000000></guide></head><body>${repeated((at) => `<a filepos=${at}>x`, 20_000)} ${said}</body></html>`,
        ),
      'read',
    ],
    [
      'a list in front matter',
      'md',
      () => `---\ntags: [${'a,'.repeat(127_000)}]\n---\n\n# One\n\n${said}\n`,
      'read',
    ],
    [
      'notes',
      'md',
      () =>
        `# One\n\n# Two\n\n${repeated((at) => `x [^${at}]\n\n`, 8_000)}${repeated((at) => `[^${at}]: Note.\n\n`, 8_000)}`,
      'read',
    ],
    [
      'marks of notes that do not end',
      'md',
      () => `# One\n\n# Two\n\nx [^1]\n\n[^1]: Note.\n\n${'[^'.repeat(40_000)}\n`,
      'read',
    ],
    [
      'uses of a long address',
      'md',
      () => `# One\n\n# Two\n\n[a]: http://x/${'y'.repeat(60_000)}\n\n${'[a] '.repeat(10_000)}\n`,
      'read',
    ],
    [
      'blanks in a field',
      'docx',
      () =>
        docx(
          `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>${' '.repeat(500_000)}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>${words}`,
        ),
      'refused',
    ],
    [
      'fields that do not end',
      'docx',
      () =>
        docx(
          `<w:p>${repeated((at) => `<w:r><w:fldChar w:fldCharType="begin" w:x="${at}"/></w:r>`, 20_000)}</w:p>${words.repeat(100)}`,
        ),
      'refused',
    ],
    ['attributes', 'docx', () => docx(`<w:p ${repeated((at) => `a${at}="" `, 40_000)}/>${words}`), 'refused'],
    ['elements within elements', 'docx', () => docx('<w:ins>'.repeat(20_000) + words), 'refused'],
    [
      'annotations within annotations',
      'epub',
      () =>
        buildEpub({
          pages: [
            {
              name: 'a.xhtml',
              body: `<p>x</p><math><semantics>${repeated((at) => `<annotation id="a${at}">`, 100_000)}`,
            },
          ],
        }),
      'refused',
    ],
    [
      'annotations of a formula',
      'html',
      () =>
        `<!doctype html><body><p>${said} <math><semantics><mi>x</mi>${'<annotation encoding="application/x-tex">\\frac{a}{b}</annotation>'.repeat(20_000)}</semantics></math></p>`,
      'read',
    ],
  ])('%s (%s)', async (_, ending, build, end) => {
    const novel = await importOutcome(await build(), ending)
    expect(novel instanceof Failure ? 'refused' : 'read').toBe(end)
  })

  // Mammoth, which reads it, keeps a message of each, and compares each with each unless it is kept from that.
  test('what is unknown in a Word document', async () => {
    const w = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
    const paragraph = (at: number): string =>
      `<w:p><w:pPr><w:pStyle w:val="P${at}"/></w:pPr><w:r><w:rPr><w:rStyle w:val="R${at}"/></w:rPr><w:q${at}/><w:sym w:font="F${at}" w:char="1"/><w:br w:type="B${at}"/><w:t>${at}</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val="K${at}"/></w:pPr><w:r><w:t>${at}</w:t></w:r></w:p>`
    const own = (at: number): string =>
      `<w:style w:type="paragraph" w:styleId="K${at}"><w:name w:val="Own ${at}"/></w:style>`
    const computed = async (count: number): Promise<number> => {
      const styles = `<w:styles xmlns:w="${w}">${repeated(own, count)}</w:styles>`
      const bytes = await docx(repeated(paragraph, count), [['word/styles.xml', styles]])
      const before = process.cpuUsage()
      expect(await importOutcome(bytes, 'docx')).not.toBeInstanceOf(Failure)
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    await computed(300)
    const few = await computed(400)
    // Eight times as many, which by the square take sixty times as long.
    expect((await computed(3_200)) / few).toBeLessThan(30)
  })

  test('the letters of a line of a PDF that are drawn one by one', () => {
    const runs = Array.from({ length: 300_000 }, (_, at) => ({
      text: 'a',
      x: at * 20,
      y: 0,
      width: 8,
      size: 12,
    }))
    expect(linesOf(runs, 0).map(({ text }) => text.length)).toEqual([599_999])
  })
})
