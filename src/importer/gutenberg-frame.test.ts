import { expect, test } from 'vitest'
import { findGutenbergFrame, isFrameText } from './gutenberg-frame.ts'

/** The text outside of the frame, by paragraph. */
function book(text: string): string[] {
  const lines = text.split('\n')
  const frame = findGutenbergFrame(lines)
  const framed = new Set(
    frame?.ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)),
  )
  return lines
    .map((line, index) => (framed.has(index) ? '' : line))
    .join('\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
}

const story = 'CHAPTER I\n\nThe mill stood by the river.\n\nSo the tale ends here.'
const kept = ['CHAPTER I', 'The mill stood by the river.', 'So the tale ends here.']

test.each([
  [
    'today’s frame',
    `The Project Gutenberg eBook of The Mill\n\nThis ebook is for the use of anyone anywhere.\n\nTitle: The Mill\n\n*** START OF THE PROJECT GUTENBERG EBOOK THE MILL ***\n\n${story}\n\n*** END OF THE PROJECT GUTENBERG EBOOK THE MILL ***\n\nUpdated editions will replace the previous one.`,
  ],
  [
    'marks without spaces, over two lines, with credits and notes',
    `The Project Gutenberg eBook, The Mill, by Ann Bell\n\n***START OF THE PROJECT GUTENBERG EBOOK THE\nMILL***\n\nE-text prepared by Carl Dorn\n\n\n\nNote: Project Gutenberg also has an HTML version\n\n\nTranscriber's note:\n\n      Italics are marked.\n\n      Errors are kept.\n\n\n\n${story}\n\n\n\nTranscriber's Note\n\nPage 3: a comma added.\n\n\n***END OF THE PROJECT GUTENBERG EBOOK THE MILL***\n\n******* This file should be named 1.txt *******`,
  ],
  [
    'the small print of old',
    `**The Project Gutenberg Etext of The Mill, by Ann Bell**\n#1 in our series\n\nCopyright laws are changing all over the world.\n\n***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***\nWhy is this "Small Print!" statement here?\n*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n\n\nThis etext was prepared by Carl Dorn.\n\n\n${story}\n\n\nEnd of The Project Gutenberg Etext of The Mill, by Ann Bell\n\nmore`,
  ],
  [
    'no START line',
    `The Project Gutenberg EBook of The Mill, by Ann Bell\n\nTitle: The Mill\n\nAuthor: Ann Bell\n\nProduced by Carl Dorn\n\n${story}\n\nEnd of Project Gutenberg's The Mill, by Ann Bell`,
  ],
  ['the END line alone', `${story}\n\nEnd of this Project Gutenberg EBook of The Mill\n\nLICENCE`],
  [
    'another house of the same kind',
    `Project Gutenberg Australia\na treasure-trove of literature\n\nTitle: The Mill\nAuthor: Ann Bell\n* A Project Gutenberg of Australia eBook *\nDate first posted: May 2010\n\n${story}\n\nThis site is full of FREE ebooks - Project Gutenberg Australia`,
  ],
  [
    'a note in brackets inside the book',
    `*** START OF THIS PROJECT GUTENBERG EBOOK THE MILL ***\n\nCHAPTER I\n\nThe mill stood by the river.\n\n[Transcriber's Note: a page is\nmissing here.]\n\nSo the tale ends here.\n\n*** END OF THIS PROJECT GUTENBERG EBOOK THE MILL ***`,
  ],
])('%s is left out, and every paragraph of the book is kept', (_, text) => {
  expect(book(text)).toEqual(kept)
})

test('two Project Gutenberg books in one file are both kept', () => {
  const one = `*** START OF THE PROJECT GUTENBERG EBOOK A ***\n\n${story}\n\n*** END OF THE PROJECT GUTENBERG EBOOK A ***\n\nLICENCE\n\n`
  expect(book(one + one)).toEqual([...kept, ...kept])
})

test('title and author are also read from old first lines', () => {
  expect(
    findGutenbergFrame(
      `**The Project Gutenberg Etext of The Mill, by Ann Bell**\n\n*END*THE SMALL PRINT!*\n\n${story}`.split(
        '\n',
      ),
    ),
  ).toMatchObject({ title: 'The Mill', author: 'Ann Bell' })
})

test('a frame is found in the paragraphs of an EPUB as in lines', () => {
  const paragraphs = [
    'The Project Gutenberg eBook of The Mill',
    'Title: The Mill',
    '*** START OF THE PROJECT GUTENBERG EBOOK THE MILL ***',
    'CHAPTER I',
    'The mill stood by the river.',
    '*** END OF THE PROJECT GUTENBERG EBOOK THE MILL ***',
    'LICENCE',
  ]
  expect(findGutenbergFrame(paragraphs)?.ranges).toEqual([
    { start: 0, end: 3 },
    { start: 5, end: 7 },
  ])
  expect(paragraphs.map(isFrameText)).toEqual([true, false, true, false, false, true, false])
})

test('a book that only mentions Project Gutenberg has no frame', () => {
  expect(
    findGutenbergFrame(['Chapter 1', '', 'He read about Project Gutenberg all night.', '', story]),
  ).toBeUndefined()
})
