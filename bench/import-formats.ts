import { zip } from '../test/fixtures/epub.ts'
import { longStory } from '../test/fixtures/long-story.ts'
import { mobi } from '../test/fixtures/mobi.ts'
import { buildPdf } from '../test/fixtures/pdf.ts'

/** A book for each format besides EPUB and text: the same chapters in each. Names end as the format's files do. */
export async function bookByFormat(
  chapters: number,
): Promise<readonly (readonly [fileName: string, bytes: Uint8Array<ArrayBuffer>])[]> {
  const story = new TextDecoder().decode(longStory(chapters, 104)).split(/^Chapter \d+$/m)
  const read = Array.from({ length: chapters }, (_, index) => ({
    title: `Chapter ${index + 1}`,
    paragraphs: (story[index + 1] ?? '').split('\n').filter((line) => line !== ''),
  }))
  const each = (head: (title: string) => string, paragraph: (text: string) => string, end = ''): string =>
    read.map(({ title, paragraphs }) => head(title) + paragraphs.map(paragraph).join('') + end).join('')
  const html = `<!doctype html><html lang="en"><head><title>Large</title></head><body>${each(
    (title) => `<h1>${title}</h1>`,
    (text) => `<p>${text}</p>`,
  )}</body></html>`
  const w = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
  const run = (text: string): string => `<w:r><w:t>${text}</w:t></w:r>`
  return [
    [
      'large.fb2',
      text(
        `<FictionBook><body>${each(
          (title) => `<section><title><p>${title}</p></title>`,
          (line) => `<p>${line}</p>`,
          '</section>',
        )}</body></FictionBook>`,
      ),
    ],
    ['large.html', text(html)],
    [
      'large.md',
      text(
        each(
          (title) => `# ${title}\n\n`,
          (line) => `${line}\n\n`,
        ),
      ),
    ],
    [
      'large.rtf',
      text(
        `{\\rtf1\\ansi ${each(
          (title) => `\\pard\\outlinelevel0 ${title}\\par\\pard `,
          (line) => `${line}\\par `,
        )}}`,
      ),
    ],
    ['large.mobi', mobi(html.replaceAll('<h1>', '<mbp:pagebreak/><h1>'))],
    [
      'large.docx',
      await zip([
        [
          '_rels/.rels',
          '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        ],
        [
          'word/document.xml',
          `<w:document xmlns:w="${w}"><w:body>${each(
            (title) => `<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>${run(title)}</w:p>`,
            (line) => `<w:p>${run(line)}</w:p>`,
          )}</w:body></w:document>`,
        ],
      ]),
    ],
    [
      'large.odt',
      await zip([
        ['mimetype', 'application/vnd.oasis.opendocument.text'],
        [
          'content.xml',
          `<office:document-content xmlns:office="o" xmlns:text="t"><office:body><office:text>${each(
            (title) => `<text:h text:outline-level="1">${title}</text:h>`,
            (line) => `<text:p>${line}</text:p>`,
          )}</office:text></office:body></office:document-content>`,
        ],
      ]),
    ],
    ['large.pdf', buildPdf({ pages: read.flatMap(({ title, paragraphs }) => pagesOf(title, paragraphs)) })],
  ]
}

const text = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content)

/** Pages of forty lines of at most eighty characters. */
function pagesOf(title: string, paragraphs: readonly string[]) {
  const lines = paragraphs.flatMap((paragraph) => paragraph.match(/.{1,80}(?:\s|$)/g) ?? [])
  const pages: { text: string; x: number; y: number; size?: number }[][] = [
    [{ text: title, x: 60, y: 790, size: 20 }],
  ]
  for (const [index, line] of lines.entries()) {
    if (index > 0 && index % 40 === 0) pages.push([])
    pages.at(-1)?.push({ text: line.trim(), x: 60, y: 750 - (index % 40) * 17 })
  }
  return pages
}
