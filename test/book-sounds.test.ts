import { expect, test } from 'vitest'
import { buildEpub } from './fixtures/epub.ts'
import { importBytes } from './fixtures/import-bytes.ts'
import { parsePronunciations } from '../src/novel/pronunciation-annotations.ts'
import { readLexicon } from '../src/pronunciation/lexicon.ts'
import { pronounceChapter } from '../src/pronunciation/pronounce.ts'
import { segmentChapter } from '../src/segmenter/segmenter.ts'

const page = (name: string, body: string) => ({
  name,
  body: `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:ssml="http://www.w3.org/2001/10/synthesis" ssml:alphabet="x-sampa"><head><title>t</title></head><body>${body}</body></html>`,
})

async function said(body: string): Promise<readonly [string, readonly object[]]> {
  const epub = await buildEpub({ pages: [page('one.xhtml', `<h1>I</h1>${body}<p>The end of it.</p>`)] })
  const novel = await importBytes(epub, 'a.epub')
  const [chapter] = novel.chapters
  const { segments } = pronounceChapter(segmentChapter(chapter!, 'en'), 'en', readLexicon())
  const { text, pronunciations } = parsePronunciations(segments[1]!.spoken)
  return [text, pronunciations]
}

test('ssml:ph is said in its place, in the alphabet of its surroundings, and shown as it is written', async () => {
  expect(
    await said(
      '<p>“A <b ssml:alphabet="ipa" ssml:ph="ˈbæs">bass</b> of 12 pounds, and <i>a <span ssml:ph="lEd">lead</span></i> pipe.”</p>',
    ),
  ).toEqual([
    '“A bass of 12 pounds, and a lead pipe.”',
    [
      { start: 3, end: 7, phonemes: 'ˈbæs' },
      { start: 28, end: 32, phonemes: 'lɛd' },
    ],
  ])
})

test.each([
  ['an alphabet that nobody knows', '<p>A <b ssml:alphabet="x-own" ssml:ph="b">word</b> here.</p>'],
  ['signs that are none', '<p>A <b ssml:ph="[[??]]">word</b> here.</p>'],
  ['nothing in it', '<p>A word<b ssml:ph="a"></b> here.</p>'],
  ['an image in it', '<p>A word<b ssml:ph="a"><img src="x.png" alt=""/></b> here.</p>'],
])('ssml:ph with %s changes nothing', async (_, body) => {
  expect(await said(body)).toEqual(['A word here.', []])
})

test('the pronunciation of a part goes before that of the whole', async () => {
  const [text, pronunciations] = await said('<p ssml:ph="a">A <b ssml:ph="w3:d">word</b> here.</p>')
  expect([text, pronunciations]).toEqual(['A word here.', [{ start: 2, end: 6, phonemes: 'wɜːd' }]])
})
