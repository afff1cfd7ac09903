import { expect, test } from 'vitest'
import type { Block, Chapter, ImportedNovel } from '../../novel/novel.ts'
import { buildEpub, type EpubPage } from '../../../test/fixtures/epub.ts'
import { importBytes, shown } from '../../../test/fixtures/import-bytes.ts'

async function novelOf(...bodies: readonly string[]): Promise<ImportedNovel> {
  const pages = bodies.map((body, at): EpubPage => ({ name: `${at + 1}.xhtml`, body }))
  return importBytes(await buildEpub({ pages }), 'a.epub')
}

async function chapterOf(body: string): Promise<Chapter> {
  return (await novelOf(body)).chapters[0]!
}

/** What a block stands in: `list 1/0 decimal 3` for the first item of list 1, which has the number 3. */
const placesOf = ({ within = [] }: Block): string =>
  within
    .map((each) => {
      if (each.kind === 'quote') return `quote ${each.id}`
      if (each.kind === 'table') return `table ${each.id}/${each.row}`
      if (each.kind === 'definitions') return `${each.term ? 'term' : 'meaning'} ${each.id}/${each.item}`
      return [`list ${each.id}/${each.item}`, each.numbering, each.number]
        .filter((one) => one !== undefined)
        .join(' ')
    })
    .join(', ')

const cellsOf = ({ text, marks = [] }: Block): string[] =>
  marks.flatMap(({ kind, start, end, cell }) =>
    kind === 'cell' ? [`${JSON.stringify(cell)} ${text.slice(start, end)}`] : [],
  )

test('lists keep their items, numbers and nesting, and their text is as it was', async () => {
  const chapter = await chapterOf(
    `<p>Before.</p><ol start="3"><li>Three.</li><li value="7">Seven.<ul><li>A thing.</li></ul><p>More.</p></li></ol>
     <ul><li>Other list.</li></ul><ol type="i" reversed="reversed" start="2"><li>Two.</li><li>One.</li></ol>`,
  )
  expect(shown(chapter)).toEqual(
    ['Before.', 'Three.', 'Seven.', 'A thing.', 'More.', 'Other list.', 'Two.', 'One.'].map(
      (text) => `paragraph: ${text}`,
    ),
  )
  expect(chapter.blocks.map(placesOf)).toEqual([
    '',
    'list 1/0 decimal 3',
    'list 1/1 decimal 7',
    'list 1/1 decimal 7, list 2/0',
    'list 1/1 decimal 7',
    'list 3/0',
    'list 4/0 lower-roman 2',
    'list 4/1 lower-roman 1',
  ])
  expect(chapter.blocks[0]).toEqual({ kind: 'paragraph', text: 'Before.' })
})

test('terms and what they mean stay together, in groups and within each other, and their text is as it was', async () => {
  const chapter = await chapterOf(
    `<dl><div><dt>Ash</dt><dt>Rowan</dt><dd>A tree.<p>It bends.</p><ul><li>Red.</li></ul></dd></div>
     <dt>Oar</dt><dd>See <dl><dt>Boat</dt><dd>It floats.</dd></dl></dd></dl><p>After.</p><dd>Alone.</dd>`,
  )
  expect(shown(chapter)).toEqual(
    [
      'Ash',
      'Rowan',
      'A tree.',
      'It bends.',
      'Red.',
      'Oar',
      'See',
      'Boat',
      'It floats.',
      'After.',
      'Alone.',
    ].map((text) => `paragraph: ${text}`),
  )
  expect(chapter.blocks.map(placesOf)).toEqual([
    'term 1/0',
    'term 1/1',
    'meaning 1/2',
    'meaning 1/2',
    'meaning 1/2, list 2/0',
    'term 1/3',
    'meaning 1/4',
    'meaning 1/4, term 3/0',
    'meaning 1/4, meaning 3/1',
    '',
    '',
  ])
})

test('tables keep rows and cells; a row is read as it was, and cells know their columns', async () => {
  const chapter = await chapterOf(
    `<table><caption>Ships</caption><tr><th>Name</th><th colspan="2">Guns</th></tr>
     <tr><td rowspan="2">Victory</td><td></td><td>32</td></tr><tr><td><p>lower</p><p>deck</p></td><td>28</td></tr></table>
     <p>After.</p>`,
  )
  expect(shown(chapter)).toEqual(
    ['Ships', 'Name Guns', 'Victory 32', 'lower', 'deck', '28', 'After.'].map((text) => `paragraph: ${text}`),
  )
  expect(chapter.blocks.map(placesOf)).toEqual([
    '',
    'table 1/0',
    'table 1/1',
    'table 1/2',
    'table 1/2',
    'table 1/2',
    '',
  ])
  expect(chapter.blocks.map(cellsOf)).toEqual([
    [],
    ['{"column":0,"header":true} Name', '{"column":1,"header":true,"columns":2} Guns'],
    ['{"column":0,"rows":2} Victory', '{"column":2} 32'],
    ['{"column":1} lower'],
    ['{"column":1} deck'],
    ['{"column":2} 28'],
    [],
  ])
})

test('quotations are known, and what nests too deep is text', async () => {
  const chapter = await chapterOf(
    '<blockquote><p>He said</p><p>so.</p></blockquote><blockquote>And he.</blockquote>',
  )
  expect(chapter.blocks.map(placesOf)).toEqual(['quote 1', 'quote 1', 'quote 2'])
  const depth = 200
  const deep = await chapterOf(`${'<ul><li>'.repeat(depth)}deep${'</li></ul>'.repeat(depth)}`)
  expect(deep.blocks[0]).toMatchObject({ text: 'deep' })
  expect(deep.blocks[0]!.within).toHaveLength(8)
})

test('small capitals, raised and lowered letters, struck out text and code are kept', async () => {
  const chapter = await chapterOf(
    `<p><span class="smcap">Mr. Hale</span> drank H<sub>2</sub>O on the 4<sup>th</sup>, <del>not</del> <code>x = 1</code>, 3 m<sup>2</sup>.</p>
     <p><span style="font-variant: small-caps">Abc</span> <span class="italic">there</span> <span class="note">plain</span></p>`,
  )
  expect(
    chapter.blocks.map(({ text, marks = [] }) =>
      marks.map(({ start, end, kind }) => `${kind}: ${text.slice(start, end)}`),
    ),
  ).toEqual([
    ['small-caps: Mr. Hale', 'subscript: 2', 'superscript: th', 'strike: not', 'code: x = 1'],
    ['small-caps: Abc', 'em: there'],
  ])
})

test('links lead to a block of the book or to the web, and to nothing else', async () => {
  const { chapters } = await novelOf(
    `<h1>One</h1><p>See <a href="2.xhtml#there">the storm</a>, <a href="https://example.org/a?b=1">the site</a>,
     <a href="javascript:alert(1)">this</a>, <a href="file:///etc/passwd">that</a>, <a href="3.xhtml">nothing</a> or
     <a href="mailto:a@example.org">us</a>.</p><p>Then more of the story, which goes on for a while.</p>`,
    '<h1>Two</h1><p>First.</p><p id="there">The storm came. <a href="1.xhtml">Back</a> to the start of it all.</p>',
  )
  const links = chapters.map(({ blocks }) =>
    blocks.flatMap(({ text, marks = [] }) =>
      marks.flatMap(({ start, end, to }) => (to ? [[text.slice(start, end), to]] : [])),
    ),
  )
  expect(links[0]).toEqual([
    ['the storm', { anchor: 1, chapter: 2 }],
    ['the site', { href: 'https://example.org/a?b=1' }],
    ['us', { href: 'mailto:a@example.org' }],
  ])
  expect(links[1]).toEqual([['Back', { anchor: 2, chapter: 1 }]])
  expect(chapters[1]!.blocks.map(({ anchor }) => anchor)).toEqual([undefined, undefined, 1])
  expect(chapters[0]!.blocks[0]!.anchor).toBe(2)
})
