import { expect, test } from 'vitest'
import { buildEpub } from '../../../test/fixtures/epub.ts'
import { importBytes, shown } from '../../../test/fixtures/import-bytes.ts'

const point = (href: string, title: string): string =>
  `<navPoint><navLabel><text>${title}</text></navLabel><content src="${href}"/></navPoint>`

test('EPUB 2: a superscript number whose target links back is a note reference, and the target is a note', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [
        {
          name: 'a.xhtml',
          body: `<p id="p">The sea<a id="r1" href="#n1"><sup>1</sup></a> was calm.<sup><a id="r2" href="n.xhtml#n2">2</a></sup> Water is H<sub>2</sub>O.</p>
            <p>The end.</p><p id="n1"><a href="#r1">[1]</a> The North Sea.</p>`,
        },
        { name: 'n.xhtml', body: '<h2>Notes</h2><p><a id="n2" href="a.xhtml#r2">2</a> Very calm.</p>' },
      ],
      ncx: point('a.xhtml', 'One') + point('n.xhtml', 'Notes'),
    }),
    'a.epub',
  )
  const [one, notes] = novel.chapters
  expect(shown(one!)).toEqual(['paragraph: The sea was calm. Water is H2O.', 'paragraph: The end.'])
  expect(one!.skips).toEqual([
    { block: 0, start: 7, end: 7, reason: 'note-reference', text: '1', note: 'The North Sea.' },
    { block: 0, start: 17, end: 17, reason: 'note-reference', text: '2', note: 'Very calm.' },
    { block: 1, start: 8, end: 8, reason: 'note', text: 'The North Sea.' },
    { block: 1, start: 8, end: 8, reason: 'note-reference', text: '[1]' },
  ])
  expect(shown(notes!)).toEqual(['heading: Notes', 'paragraph: Very calm.'])
  expect(notes!.matter).toBe('back')
})

test('a superscript number that links to a missing document is a note reference', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [{ name: 'a.xhtml', body: '<p>Calm<sup><a href="gone.xhtml#n">3</a></sup>.</p>' }],
    }),
    'a.epub',
  )
  expect(shown(novel.chapters[0]!)).toEqual(['paragraph: Calm.'])
})

test('linked words stay words, and numbers that link to chapters stay numbers', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [
        {
          name: 'a.xhtml',
          body: '<p>See <a href="b.xhtml#c">the second chapter</a> or chapter <a href="b.xhtml#c">2</a>.</p>',
        },
        { name: 'b.xhtml', body: '<h2 id="c">2</h2><p>Text.</p>' },
      ],
      ncx: point('a.xhtml', 'One') + point('b.xhtml', 'Two'),
    }),
    'a.epub',
  )
  expect(shown(novel.chapters[0]!)).toEqual(['paragraph: See the second chapter or chapter 2.'])
})

test('a group of endnotes at the end of a chapter is not narrated with it', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [
        {
          name: 'a.xhtml',
          body: '<p>Text.</p><section epub:type="footnotes"><h2>Notes</h2><p>One.</p><div class="footnote"><p>Two.</p></div></section>',
        },
      ],
      ncx: point('a.xhtml', 'One'),
    }),
    'a.epub',
  )
  expect(shown(novel.chapters[0]!)).toEqual(['paragraph: Text.'])
  expect(novel.chapters[0]!.skips.map(({ reason, text }) => `${reason} ${text}`)).toEqual([
    'note Notes',
    'note One.',
    'note Two.',
  ])
})

test('rules that separate nothing are dropped, those between two paragraphs are kept', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [{ name: 'a.xhtml', body: '<hr/><h1>I</h1><hr/><p>One.</p><hr/><hr/><p>Two.</p><hr/>' }],
    }),
    'a.epub',
  )
  expect(shown(novel.chapters[0]!)).toEqual([
    'heading: I',
    'paragraph: One.',
    'scene-break: ',
    'paragraph: Two.',
  ])
})
