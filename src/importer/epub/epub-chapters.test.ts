import { expect, test } from 'vitest'
import { buildEpub, type EpubPage } from '../../../test/fixtures/epub.ts'
import { importBytes, listed, shown } from '../../../test/fixtures/import-bytes.ts'

const page = (name: string, body: string, attributes = ''): EpubPage => ({ name, body, attributes })
const long = 'A sentence that goes on for a while. '.repeat(60)
const entry = (href: string, title: string, children = ''): string =>
  `<li><a href="${href}">${title}</a>${children === '' ? '' : `<ol>${children}</ol>`}</li>`

test('an EPUB 3 with only a nav is cut at the nav’s targets', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [page('a.xhtml', '<h1>I</h1><p>First.</p>'), page('b.xhtml', '<h1>II</h1><p>Second.</p>')],
      nav: `<ol>${entry('a.xhtml', 'The <em>Beginning</em>')}${entry('b.xhtml', 'The End')}</ol>`,
    }),
    'a.epub',
  )
  expect(listed(novel)).toEqual(['body | The Beginning', 'body | The End'])
  expect(shown(novel.chapters[0]!)).toEqual(['heading: I', 'paragraph: First.'])
  expect(novel.report).toMatchObject({ format: 'epub', evidence: 'nav', chapters: 2, remarks: [] })
})

const point = (href: string, title: string, inner = ''): string =>
  `<navPoint><navLabel><text>${title}</text></navLabel><content src="${href}"/>${inner}</navPoint>`

test('an EPUB 2 with only an NCX is cut at the NCX’s targets', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [
        page('p.xhtml', '<h1>Part One</h1>'),
        page('a.xhtml', '<p>First.</p>'),
        page('b.xhtml', '<p>Second.</p>'),
      ],
      ncx: point('p.xhtml', 'Part One', point('a.xhtml', 'Chapter 1') + point('b.xhtml', 'Chapter 2')),
    }),
    'a.epub',
  )
  expect(novel.report.evidence).toBe('ncx')
  expect(listed(novel)).toEqual(['body | Part One | Chapter 1', 'body | Part One | Chapter 2'])
  expect(shown(novel.chapters[0]!)).toEqual(['heading: Part One', 'paragraph: First.'])
})

test('many chapters in one file and one chapter over many files are cut at their targets', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [
        page('a.xhtml', '<div id="one"><h2>1</h2><p>One.</p></div><h2><a id="two"></a>2</h2><p>Two.</p>'),
        page('b.xhtml', '<p>Two goes on.</p>'),
        page('c.xhtml', '<p>And on.</p><p id="three">Three.</p>'),
      ],
      nav: `<ol>${entry('a.xhtml#one', 'One')}${entry('a.xhtml#two', 'Two')}${entry('c.xhtml#three', 'Three')}</ol>`,
    }),
    'a.epub',
  )
  expect(novel.chapters.map(shown)).toEqual([
    ['heading: 1', 'paragraph: One.'],
    ['heading: 2', 'paragraph: Two.', 'paragraph: Two goes on.', 'paragraph: And on.'],
    ['paragraph: Three.'],
  ])
})

test('an id at the end of a paragraph begins the next block', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [page('a.xhtml', '<p>One.<a id="two"></a></p><p>Two.</p><div id="end"></div>')],
      nav: `<ol>${entry('a.xhtml', 'One')}${entry('a.xhtml#two', 'Two')}</ol>`,
    }),
    'a.epub',
  )
  expect(novel.chapters.map(shown)).toEqual([['paragraph: One.'], ['paragraph: Two.']])
})

test('leaves are chapters, and the titles above them their part, except the novel’s own title', async () => {
  const novel = await importBytes(
    await buildEpub({
      title: 'The Sea',
      pages: ['a', 'b', 'c'].map((name) => page(`${name}.xhtml`, `<h3>${name}</h3><p>Text of ${name}.</p>`)),
      nav: `<ol><li><span>The Sea</span><ol><li><span>Book I</span><ol>${entry('a.xhtml', 'I')}${entry('b.xhtml', 'II')}</ol></li>
        ${entry('c.xhtml', 'Epilogue')}</ol></li></ol>`,
    }),
    'a.epub',
  )
  expect(listed(novel)).toEqual(['body | Book I | I', 'body | Book I | II', 'body | Epilogue'])
})

test('a parent with text of its own is a chapter, a parent with a heading and a motto is joined to its first leaf', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [
        page('p.xhtml', '<h1>Part One</h1><p>“A motto.”</p>'),
        page('a.xhtml', '<h2>1</h2><p>One.</p>'),
        page('b.xhtml', `<h2>2</h2><p>${long}</p><section id="s"><h3>A letter</h3><p>Dear.</p></section>`),
      ],
      nav: `<ol>${entry('p.xhtml', 'Part One', entry('a.xhtml', '1') + entry('b.xhtml', '2', entry('b.xhtml#s', 'A letter')))}</ol>`,
    }),
    'a.epub',
  )
  expect(listed(novel)).toEqual([
    'body | Part One | 1',
    'body | Part One | 2',
    'body | Part One · 2 | A letter',
  ])
  expect(shown(novel.chapters[0]!)).toEqual([
    'heading: Part One',
    'paragraph: “A motto.”',
    'heading: 1',
    'paragraph: One.',
  ])
})

const chapter = (name: string): string => `<h2>${name}</h2><p>Text of ${name}.</p>`

test('without a table of contents the book is cut at headings, parts above chapters, with a remark', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [
        page('a.xhtml', `<h1>Part One</h1>${chapter('One')}${chapter('Two')}`),
        page('b.xhtml', `<h1>Part Two</h1>${chapter('Three')}${chapter('Four')}`),
      ],
    }),
    'a.epub',
  )
  expect(novel.report.evidence).toBe('headings')
  expect(listed(novel)).toEqual(
    ['One', 'Two', 'Three', 'Four'].map(
      (title, index) => `body | Part ${index < 2 ? 'One' : 'Two'} | ${title}`,
    ),
  )
  expect(novel.report.remarks.join()).toContain('no table of contents')
})

const titled = (number: string, name: string): string => `<h1>${number}</h1><h2>${name}</h2><p>Text.</p>`

test('a number and a title in two headings are one title, and both are spoken', async () => {
  const novel = await importBytes(
    await buildEpub({ pages: [page('a.xhtml', titled('I', 'The Storm') + titled('II', 'The Calm'))] }),
    'a.epub',
  )
  expect(shown(novel.chapters[1]!)).toEqual(['heading: II', 'heading: The Calm', 'paragraph: Text.'])
  expect(novel.chapters).toHaveLength(2)
})

test('without contents and headings every document is a chapter', async () => {
  const novel = await importBytes(
    await buildEpub({ pages: [page('a.xhtml', '<p>One, and no more.</p>'), page('b.xhtml', '<p>Two.</p>')] }),
    'a.epub',
  )
  expect(novel.report.evidence).toBe('spine')
  expect(listed(novel)).toEqual(['body | One, and no more.', 'body | Two.'])
})

test('a table of contents that lists next to nothing is replaced by the headings', async () => {
  const chapters = [1, 2, 3, 4].map((number) => `<h2>Chapter ${number}</h2><p>${long.repeat(8)}</p>`).join('')
  const novel = await importBytes(
    await buildEpub({ pages: [page('a.xhtml', chapters)], nav: `<ol>${entry('a.xhtml', 'Start')}</ol>` }),
    'a.epub',
  )
  expect(listed(novel)).toEqual([1, 2, 3, 4].map((number) => `body | Chapter ${number}`))
  expect(novel.report.remarks).toHaveLength(1)
})

test('entries without a target are remarked on, and the others are used', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [page('a.xhtml', '<p>One.</p>'), page('b.xhtml', '<p>Two.</p>')],
      nav: `<ol>${entry('a.xhtml', 'One')}${entry('gone.xhtml', 'Gone')}${entry('b.xhtml', 'Two')}</ol>`,
    }),
    'a.epub',
  )
  expect(listed(novel)).toEqual(['body | One', 'body | Two'])
  expect(novel.report.remarks.join()).toContain('Gone')
})
