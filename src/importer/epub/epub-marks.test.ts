import { expect, test } from 'vitest'
import type { Chapter } from '../../novel/novel.ts'
import { buildEpub } from '../../../test/fixtures/epub.ts'
import { importBytes } from '../../../test/fixtures/import-bytes.ts'

async function chapterOf(body: string): Promise<Chapter> {
  const novel = await importBytes(await buildEpub({ pages: [{ name: 'a.xhtml', body }] }), 'a.epub')
  return novel.chapters[0]!
}

/** What is set apart, block by block. */
const marksOf = ({ blocks }: Chapter) =>
  blocks.map(({ text, marks = [] }) =>
    marks.map(({ start, end, kind }) => `${kind}: ${text.slice(start, end)}`),
  )

test('emphasis is kept beside the text, at its place, and the text is as it was', async () => {
  const chapter = await chapterOf(
    '<p>He was <em>not</em> there, <b>never <i>had</i> been</b>.</p><p>Plain.</p>',
  )
  expect(chapter.blocks.map(({ text }) => text)).toEqual(['He was not there, never had been.', 'Plain.'])
  expect(marksOf(chapter)).toEqual([['em: not', 'strong: never had been', 'em: had'], []])
  expect(chapter.blocks[1]).toEqual({ kind: 'paragraph', text: 'Plain.' })
})

test('it moves with what is taken out before it, with composed letters, and with the lines of verse', async () => {
  const chapter = await chapterOf(
    `<p>Cafe\u0301<a href="#n"><sup>1</sup></a> was <em>closed</em>.</p><p id="n"><a href="#x">1</a> A cafe\u0301 in <i>Paris</i>.</p>
     <div class="poem"><p>One <i>line</i></p><p>and <i>another</i></p></div>`,
  )
  const text = chapter.blocks.map((block) => block.text)
  expect(text[0]).toContain('was closed.')
  const all = marksOf(chapter).flat()
  expect(all).toContain('em: closed')
  expect(all).toContain('em: line')
  expect(all).toContain('em: another')
})

test('emphasis over several blocks, or of nothing, is none', async () => {
  expect(marksOf(await chapterOf('<i><p>One.</p><p>Two.</p></i><p><b></b>Three.</p>'))).toEqual([[], [], []])
})

test('a paragraph of nothing but nested emphasis is read in time, and marked once', async () => {
  const depth = 300
  const chapter = await chapterOf(`<p>${'<i>'.repeat(depth)}deep${'</i>'.repeat(depth)}</p>`)
  expect(marksOf(chapter)).toEqual([['em: deep']])
})

test('a note of EPUB 3 is known at its mark', async () => {
  const chapter = await chapterOf(
    `<p>The sea<a epub:type="noteref" href="#n1">1</a> was calm.</p><aside epub:type="footnote" id="n1"><p>The North Sea.</p></aside>`,
  )
  expect(chapter.skips.find(({ reason }) => reason === 'note-reference')).toMatchObject({
    text: '1',
    note: 'The North Sea.',
  })
})
