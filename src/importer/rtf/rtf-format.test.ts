import { expect, test } from 'vitest'
import { bookFormatContract } from '../../../test/contracts/book-format-contract.ts'
import { importBytes, listed, shown } from '../../../test/fixtures/import-bytes.ts'

const prose =
  'It was a long way to the sea, and nobody who had gone there had come back to tell of what they saw.'

/** Word's and LibreOffice's ways to write the same things, one after the other. */
const book = String.raw`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Times;}{\f1\fnil\fcharset204 Times Cyr;}{\f2\fcharset134 SimSun;}}
{\colortbl;\red0\green0\blue0;}{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\*\cs10 Default Font;}}
{\info{\title The Sea}{\author Anna Bell}{\*\company Nobody}}{\header Page {\field{\*\fldinst PAGE}{\fldrslt 3}}\par}
\pard\s1 Chapter I\par\pard\plain The caf\u233? was {\i open}{\super\chftn}{\*\footnote\pard\plain{\super\chftn} Until ten.}. ${prose}\par
{\v Hidden.}{\deleted Deleted.}{\pict\pngblip\bin4 }}{{\*\unknown Never.}\pard \ldblquote No!\rdblquote\line she said\'85\par
\trowd\pard\intbl A\cell B\cell\row\pard
\pard\s1 Chapter II\par\pard{\f1 \'cf\'f0\'e8\'e2\'e5\'f2.}\par{\f2 \'cb\'fb\'d7\'df\'c1\'cb\'a1\'a3}\par}`
const bytes = Buffer.from(book, 'latin1')

bookFormatContract('a Rich Text document', 'rtf', {
  bytes,
  chapters: [
    `Chapter I The café was open1. Until ten. ${prose} “No!” she said… A B`,
    'Chapter II Привет. 他走了。',
  ],
  hostile: [
    ['a document without text', Buffer.from('{\\rtf1 {\\info{\\title Never}}}'), 'novel.no-text'],
    ['groups that nest without end', Buffer.from(`{\\rtf1 ${'{'.repeat(200_000)}`), 'novel.hostile'],
  ],
})

test('a Rich Text document has its title, chapters and notes, and nothing that is hidden', async () => {
  const novel = await importBytes(bytes, 'sea.rtf')
  expect(novel).toMatchObject({ title: 'The Sea', author: 'Anna Bell' })
  expect(novel.report.remarks).toContain(
    'Images of this kind of file are not shown beside its text; 1 were left out.',
  )
  expect(listed(novel)).toEqual(['body | Chapter I', 'body | Chapter II'])
  const [first, second] = novel.chapters
  expect(shown(first!)).toEqual([
    'heading: Chapter I',
    `paragraph: The café was open. ${prose}`,
    'paragraph: “No!” she said…',
    'paragraph: A B',
  ])
  expect(first?.blocks[1]?.marks).toEqual([{ start: 13, end: 17, kind: 'em' }])
  expect(first?.skips.find(({ reason }) => reason === 'note-reference')).toMatchObject({ note: 'Until ten.' })
  expect(shown(second!)).toEqual(['heading: Chapter II', 'paragraph: Привет.', 'paragraph: 他走了。'])
})

test('signs of Unicode stand for their substitutes, however many these are', async () => {
  const text = String.raw`{\rtf1\ansi\uc1 Ti\u7871\'3fng Vi\u7879?t \uc0\u20182\u36208 \uc2\u9786\'3f\'3f.\par}`
  expect((await importBytes(text, 'a.rtf')).chapters.flatMap(shown)).toEqual(['paragraph: Tiếng Việt 他走☺.'])
})
