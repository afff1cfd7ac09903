import { buildEpub, zip } from '../../test/fixtures/epub.ts'
import { bookFormatContract } from '../../test/contracts/book-format-contract.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const pages = [
  {
    name: 'one.xhtml',
    body: '<h1>I: The Sea</h1><p>The cafe\u0301 was <i>open</i>.<a epub:type="noteref" href="#n">1</a></p><aside epub:type="footnote" id="n"><p>Until ten.</p></aside>',
  },
  { name: 'two.xhtml', body: '<h1>II: The Land</h1><p>“No!” she said.</p><p>* * *</p><p>他走了。</p>' },
]
const outside = await zip([['aa/evil.txt', 'x']])
outside.write('../evil', outside.indexOf('aa/evil'))
outside.write('../evil', outside.lastIndexOf('aa/evil'))

bookFormatContract('an EPUB', 'epub', {
  bytes: await buildEpub({
    pages,
    nav: '<ol><li><a href="one.xhtml">I: The Sea</a></li><li><a href="two.xhtml">II: The Land</a></li></ol>',
  }),
  chapters: ['I: The Sea The café was open.1 Until ten.', 'II: The Land “No!” she said. * * * 他走了。'],
  hostile: [
    ['a name outside of the archive', outside, 'novel.hostile'],
    [
      'a page that unpacks to 80 MB',
      await buildEpub({ pages: [{ name: 'a.xhtml', body: Buffer.alloc(80 * 1024 * 1024, 0x20) }] }),
      'novel.hostile',
    ],
    ['a book without text', await buildEpub({ pages: [{ name: 'a.xhtml', body: '<p/>' }] }), 'novel.no-text'],
    ['a zip without a book', await zip([['readme.txt', 'Hello']]), 'novel.unreadable'],
    [
      'a book under DRM',
      await buildEpub({ pages, files: { 'META-INF/license.lcpl': '{}' } }),
      'novel.encrypted',
    ],
    [
      'a book without its package',
      await buildEpub({ pages, files: { 'OEBPS/book.opf': undefined } }),
      'novel.damaged',
    ],
  ],
})

const hostileTexts = [
  [
    'a text with NULs',
    Buffer.concat([utf8('Chapter 1'), Buffer.alloc(3), utf8('Hello.')]),
    'novel.unreadable',
  ],
  ['a text without a letter', utf8('***\n\n---\n'), 'novel.no-text'],
  ['three million lines', utf8(`a${'\n'.repeat(3_100_000)}b`), 'novel.hostile'],
] as const

const prose =
  'It was a long way to the sea, and nobody who had gone there had come back to tell of the cafe\u0301 [1].'

bookFormatContract('a plain text', 'text', {
  bytes: utf8(`Chapter 1\n\n${prose}\n\n* * *\n\n“No!” she said.\n\nChapter 2\n\n${prose}\n\n他走了。\n`),
  chapters: [`Chapter 1 ${prose} * * * “No!” she said.`, `Chapter 2 ${prose} 他走了。`],
  hostile: hostileTexts,
})
