import { expect, test } from 'vitest'
import { buildEpub } from './fixtures/epub.ts'
import { importBytes } from './fixtures/import-bytes.ts'
import { randomBook, randomFrom } from './fixtures/random-book.ts'
import type { ImportedNovel } from '../src/novel/novel.ts'
import { segmentChapter } from '../src/segmenter/segmenter.ts'

// Each letter of a file is in a chapter, narrated or not, or in a skip that says what it was: none is out of reach.

/** How often each letter and digit occurs. */
function census(texts: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const text of texts)
    for (const letter of text.normalize('NFC').match(/[\p{L}\p{N}]/gu) ?? [])
      counts[letter] = (counts[letter] ?? 0) + 1
  return counts
}

function* reachable({ chapters }: ImportedNovel): Generator<string> {
  for (const { blocks, skips } of chapters) {
    for (const { text } of blocks) yield text
    for (const { start, end, text } of skips) if (start === end && text !== undefined) yield text
  }
}

/** Each unit of each block is in one segment or skip. */
function areTiled(novel: ImportedNovel): boolean {
  return novel.chapters.every((chapter) => {
    const { segments, skips } = segmentChapter(chapter, novel.language)
    return chapter.blocks.every(({ text }, index) => {
      const covered = [...segments, ...skips]
        .filter(({ block, start, end }) => block === index && end > start)
        .reduce((sum, { start, end }) => sum + end - start, 0)
      return covered === text.length
    })
  })
}

const seeds = Array.from({ length: 200 }, (_, index) => index + 1)

test('every letter of a text is in a chapter or in a skip', async () => {
  for (const seed of seeds) {
    const { text, style } = randomBook(seed)
    const novel = await importBytes(text, 'a.txt')
    expect({ seed, style, letters: census(reachable(novel)) }).toEqual({
      seed,
      style,
      letters: census([text]),
    })
    if (seed % 10 === 0) expect({ seed, tiled: areTiled(novel) }).toEqual({ seed, tiled: true })
  }
})

test('each chapter of a text is found once, the first one too', async () => {
  const wrong: string[] = []
  for (const seed of seeds) {
    const { text, chapters, style } = randomBook(seed)
    const novel = await importBytes(text, 'a.txt')
    const named = novel.chapters.filter(({ title }) => /chapter|chương|第.{1,3}章|kapitola/i.test(title))
    if (named.length !== chapters) wrong.push(`${seed} ${style}: ${named.length} of ${chapters}`)
  }
  expect(wrong).toEqual([])
})

test('every letter of an EPUB is in a chapter or in a skip', async () => {
  for (const seed of seeds.slice(0, 60)) {
    const random = randomFrom(seed)
    const lines = randomBook(seed)
      .text.replaceAll(/<\/?p>/g, '')
      .split(/(?:\r?\n){2,}/)
      .filter((line) => line.trim() !== '')
    const pages: string[][] = [[]]
    for (const line of lines) {
      if (random() < 0.05) pages.push([])
      const kind = random()
      pages
        .at(-1)
        ?.push(
          kind < 0.08
            ? `<h${kind < 0.04 ? 1 : 2}>${line}</h${kind < 0.04 ? 1 : 2}>`
            : kind < 0.12
              ? `<div>${line}<p>${line}</p></div>`
              : kind < 0.15
                ? `<aside epub:type="footnote"><p>${line}</p></aside>`
                : `<p>${line}</p>`,
        )
    }
    const bodies = pages.map((page) => page.join('\n'))
    const novel = await importBytes(
      await buildEpub({
        pages: bodies.map((body, index) => ({ name: `p${index}.xhtml`, body })),
        ...(random() < 0.5 && {
          nav: `<ol>${bodies.map((_, index) => `<li><a href="p${index}.xhtml">Entry ${index}</a></li>`).join('')}</ol>`,
        }),
      }),
      'a.epub',
    )
    const source = bodies.map((body) => body.replaceAll(/<[^>]*>/g, ' '))
    expect({ seed, letters: census(reachable(novel)) }).toEqual({ seed, letters: census(source) })
  }
})
