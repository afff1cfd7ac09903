import { expect, test } from 'vitest'
import { buildEpub } from '../../../test/fixtures/epub.ts'
import { importBytes } from '../../../test/fixtures/import-bytes.ts'

const lexicon = (words: string, attributes = 'alphabet="ipa" xml:lang="en"'): string =>
  `<?xml version="1.0"?><lexicon version="1.0" ${attributes} xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">${words}</lexicon>`

const page = (name: string, head: string, body: string) => ({
  name,
  body: `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title>${head}</head><body>${body}</body></html>`,
})

const link = (href: string): string =>
  `<link rel="pronunciation" type="application/pls+xml" hreflang="en" href="${href}"/>`

test('the lexicons that the documents of a book name are the novel’s own', async () => {
  const epub = await buildEpub({
    pages: [
      page('one.xhtml', link('say/a.pls') + link('gone.pls'), '<h1>I</h1><p>Mr Darcy came.</p>'),
      page('two.xhtml', link('say/a.pls') + link('say/b.pls'), '<h1>II</h1><p>He went.</p>'),
    ],
    files: {
      'OEBPS/say/a.pls': lexicon(
        '<lexeme><grapheme>Darcy</grapheme><phoneme>ˈdɑːsi</phoneme></lexeme>' +
          '<lexeme><grapheme>Pemberley</grapheme><phoneme alphabet="x-own">p</phoneme></lexeme>',
      ),
      'OEBPS/say/b.pls': lexicon(
        '<lexeme><grapheme>Darcy</grapheme><alias>somebody</alias></lexeme>' +
          '<lexeme><grapheme>Bingley</grapheme><phoneme>"bINli</phoneme></lexeme>',
        'alphabet="x-sampa" xml:lang="en-GB"',
      ),
      'OEBPS/say/unnamed.pls': lexicon('<lexeme><grapheme>Kitty</grapheme><alias>cat</alias></lexeme>'),
    },
  })
  const novel = await importBytes(epub, 'a.epub')
  const common = { language: 'en', caseSensitive: true, stem: false }
  expect(novel.lexicon).toEqual([
    { written: 'Darcy', ipa: 'ˈdɑːsi', ...common },
    { written: 'Bingley', ipa: 'ˈbɪŋli', ...common },
  ])
  expect(novel.report.remarks.filter((remark) => remark.includes('pronunciation'))).toEqual([
    'Some of the book’s pronunciation lexicons could not be read: OEBPS/gone.pls.',
    'Of the book’s own pronunciations 1 were left out: an alphabet that is neither IPA nor X-SAMPA (1).',
  ])
})

test('a book without lexicons has none, and a broken one keeps no book from being read', async () => {
  const pages = [page('one.xhtml', link('bad.pls'), '<h1>I</h1><p>Words.</p>')]
  const bad = await importBytes(
    await buildEpub({ pages, files: { 'OEBPS/bad.pls': `<lexicon>${'<x>'.repeat(9000)}` } }),
    'a.epub',
  )
  expect(bad.lexicon).toBeUndefined()
  expect(bad.report.remarks.join(' ')).toContain('could not be read: OEBPS/bad.pls')
})
