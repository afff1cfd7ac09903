import { expect, test } from 'vitest'
import { bookFormatContract } from '../../../test/contracts/book-format-contract.ts'
import { jpegCover } from '../../../test/fixtures/cover.ts'
import { zip } from '../../../test/fixtures/epub.ts'
import { importBytes, listed, shown } from '../../../test/fixtures/import-bytes.ts'

const prose =
  'It was a long way to the sea, and nobody who had gone there had come back to tell of what they saw.'

const core = `<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>The Sea</dc:title><dc:creator>Anna Bell</dc:creator><dc:language>en-GB</dc:language></cp:coreProperties>`

const relationship = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`
const relationships = (content: string): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${content}</Relationships>`

const w = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const run = (text: string, properties = ''): string =>
  `<w:r>${properties && `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`
const paragraph = (content: string, style = ''): string =>
  `<w:p>${style && `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}${content}</w:p>`

const picture = `<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" descr="A hill"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="rId2"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`

async function docx(body: string): Promise<Buffer<ArrayBuffer>> {
  return zip([
    [
      '[Content_Types].xml',
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="jpg" ContentType="image/jpeg"/></Types>',
    ],
    ['_rels/.rels', relationships(relationship('rId1', 'officeDocument', 'word/document.xml'))],
    ['docProps/core.xml', core],
    [
      'word/_rels/document.xml.rels',
      relationships(
        relationship('rId1', 'footnotes', 'footnotes.xml') +
          relationship('rId2', 'image', 'media/image1.jpg') +
          relationship('rId3', 'styles', 'styles.xml'),
      ),
    ],
    [
      'word/styles.xml',
      `<w:styles xmlns:w="${w}"><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>`,
    ],
    ['word/media/image1.jpg', jpegCover],
    [
      'word/footnotes.xml',
      `<w:footnotes xmlns:w="${w}"><w:footnote w:id="1">${paragraph(run('Until ten.'))}</w:footnote></w:footnotes>`,
    ],
    ['word/document.xml', `<w:document xmlns:w="${w}"><w:body>${body}</w:body></w:document>`],
  ])
}

const wordBody = [
  paragraph(run('Chapter I'), 'Heading1'),
  paragraph(
    `${run('The cafe\u0301 was ')}${run('open', '<w:i/>')}<w:r><w:footnoteReference w:id="1"/></w:r>${run('. ')}<w:del>${run('No, shut.').replaceAll('w:t', 'w:delText')}</w:del>${run(prose)}`,
  ),
  paragraph(picture),
  paragraph(run('Chapter II'), 'Heading1'),
  paragraph(run('“No!” she said.')),
  paragraph(run('他走了。')),
].join('')

bookFormatContract('a Word document', 'docx', {
  bytes: await docx(wordBody),
  chapters: [`Chapter I The café was open[1]. ${prose}`, 'Chapter II “No!” she said. 他走了。 Until ten.↑'],
  hostile: [
    ['a document without text', await docx(paragraph('')), 'novel.no-text'],
    [
      'a document that unpacks to 60 MB',
      await docx(paragraph(run(' '.repeat(60 * 1024 * 1024)))),
      'novel.hostile',
    ],
    ['a document that is no XML', await zip([['word/document.xml', 'Hello']]), 'novel.damaged'],
  ],
})

test('a picture or link of a Word document that leads nowhere costs only itself', async () => {
  const r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
  const link = `<w:hyperlink ${r} r:id="rId9" w:anchor="a">${run('A link.')}</w:hyperlink>`
  const old = `<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata ${r} r:id="rId9"/></v:shape></w:pict></w:r>`
  const body = paragraph(picture.replace('rId2', 'rId9') + old + link + run(` ${prose}`)) + paragraph(picture)
  const novel = await importBytes(await docx(body), 'sea.docx')
  expect(novel.chapters.flatMap(shown)).toEqual([`paragraph: A link. ${prose}`])
  expect(novel.chapters.flatMap(({ skips }) => skips.flatMap(({ image }) => image ?? []))).toHaveLength(1)
})

test('a Word document has its title, chapters, notes and images, and nothing that was deleted', async () => {
  const novel = await importBytes(await docx(wordBody), 'sea.docx')
  expect(novel).toMatchObject({ title: 'The Sea', author: 'Anna Bell', language: 'en-GB' })
  expect(listed(novel)).toEqual(['body | Chapter I', 'body | Chapter II'])
  const [first] = novel.chapters
  expect(shown(first!)).toEqual(['heading: Chapter I', `paragraph: The café was open. ${prose}`])
  expect(first?.skips.find(({ reason }) => reason === 'note-reference')).toMatchObject({
    note: 'Until ten.',
  })
  expect(novel.chapters.flatMap(({ skips }) => skips).find(({ reason }) => reason === 'image')).toMatchObject(
    {
      image: { width: 48, height: 64 },
    },
  )
})

const odtType = 'application/vnd.oasis.opendocument.text'

async function odt(text: string, manifest = ''): Promise<Buffer<ArrayBuffer>> {
  const spaces = ['office', 'text', 'style', 'fo', 'draw', 'xlink', 'dc', 'table']
    .map((name) => `xmlns:${name}="urn:${name}"`)
    .join(' ')
  return zip([
    ['mimetype', odtType],
    ['META-INF/manifest.xml', `<manifest>${manifest}</manifest>`],
    ['meta.xml', core],
    ['Pictures/hill.jpg', jpegCover],
    [
      'content.xml',
      `<office:document-content ${spaces}><office:automatic-styles><style:style style:name="T1" style:family="text"><style:text-properties fo:font-style="italic"/></style:style></office:automatic-styles><office:body><office:text>${text}</office:text></office:body></office:document-content>`,
    ],
  ])
}

const odtText = `<text:tracked-changes><text:changed-region><text:deletion><text:p>Deleted.</text:p></text:deletion></text:changed-region></text:tracked-changes>
<text:table-of-content><text:index-body><text:p>Chapter I 1</text:p></text:index-body></text:table-of-content>
<text:h text:outline-level="1">Chapter I</text:h>
<text:p>The cafe\u0301<text:s text:c="2"/>was <text:span text:style-name="T1">open</text:span><text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Until ten.</text:p></text:note-body></text:note>.<office:annotation><dc:creator>Me</dc:creator><text:p>Check this.</text:p></office:annotation> ${prose}</text:p>
<text:p><draw:frame><draw:image xlink:href="Pictures/hill.jpg"/></draw:frame></text:p>
<text:h text:outline-level="1">Chapter II</text:h><text:p>“No!”<text:line-break/>she said.</text:p><text:p>他走了。</text:p>`

bookFormatContract('an OpenDocument text', 'odt', {
  bytes: await odt(odtText),
  chapters: [
    `Chapter I 1 Chapter I The café was open1. ${prose} Until ten.`,
    'Chapter II “No!” she said. 他走了。',
  ],
  hostile: [
    ['a document without text', await odt('<text:p/>'), 'novel.no-text'],
    [
      'a document with a password',
      await odt(odtText, '<file-entry full-path="content.xml"><encryption-data/></file-entry>'),
      'novel.encrypted',
    ],
    ['elements that nest without end', await odt('<text:section>'.repeat(100_000)), 'novel.hostile'],
    [
      'styles that are their own parents, and no text',
      await zip([
        ['mimetype', odtType],
        ['content.xml', '<style:style style:name="a" style:parent-style-name="a"/>'],
      ]),
      'novel.damaged',
    ],
  ],
})

test('an OpenDocument text has its title, chapters, notes and images, and nothing that was deleted', async () => {
  const novel = await importBytes(await odt(odtText), 'sea.odt')
  expect(novel).toMatchObject({ title: 'The Sea', author: 'Anna Bell', language: 'en-GB' })
  expect(listed(novel)).toEqual(['body | Chapter I', 'body | Chapter II'])
  const [first] = novel.chapters
  expect(shown(first!)).toEqual(['heading: Chapter I', `paragraph: The café was open. ${prose}`])
  expect(first?.skips.find(({ reason }) => reason === 'note-reference')).toMatchObject({
    note: 'Until ten.',
  })
  expect(novel.chapters.flatMap(({ skips }) => skips).find(({ reason }) => reason === 'image')).toMatchObject(
    {
      image: { width: 48, height: 64 },
    },
  )
})
