import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { census } from '../../../test/fixtures/character-census.ts'
import { importBytes } from '../../../test/fixtures/import-bytes.ts'
import { randomBook } from '../../../test/fixtures/random-book.ts'
import type { ImportedNovel } from '../../novel/novel.ts'
import { chapterLengths, type HeadingRule } from '../../novel/heading-rule.ts'
import { readByRules } from './text-format.ts'

const prose = 'It was a long way to the sea, and nobody who had gone there had come back to tell of it. '
const page = `${prose.repeat(9)}\n\n`.repeat(4)

async function titles(text: string, rule: HeadingRule): Promise<string[]> {
  return (await importBytes(text, 'A book.txt', rule)).chapters.map(({ title }) => title)
}

/** How often each letter and digit occurs in the chapters, or in what was left out of them. */
function lettersOf(texts: Iterable<string>): ReadonlyMap<string, number> {
  return census([...texts].map((text) => text.replaceAll(/[^\p{L}\p{N}]/gu, '')))
}

function* kept({ chapters }: ImportedNovel): Generator<string> {
  for (const { blocks, skips } of chapters) {
    for (const { text } of blocks) yield text
    for (const { start, end, text = '' } of skips) if (start === end) yield text
  }
}

const everyRule: readonly HeadingRule[] = [
  { kind: 'automatic' },
  { kind: 'words' },
  { kind: 'numbers' },
  { kind: 'capitals' },
  { kind: 'level', level: 1 },
  { kind: 'level', level: 2 },
  { kind: 'none' },
  { kind: 'length', characters: chapterLengths.least },
  { kind: 'pattern', pattern: '*{number}*' },
  { kind: 'pattern', pattern: '*a*', part: '*part*|*b*' },
]

test('every character of a text is in exactly one chapter, by whichever rule', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { text, style } = randomBook(seed)
    const expected = lettersOf([text])
    for (const rule of everyRule) {
      const found = await importBytes(text, 'a.txt', rule).catch((error: { code?: string }) => {
        if (error.code !== 'headings.none') throw error
      })
      if (found)
        expect({ seed, style, rule, letters: lettersOf(kept(found)) }).toEqual({
          seed,
          style,
          rule,
          letters: expected,
        })
    }
  }
})

test('each rule finds its own chapters', async () => {
  const text = [
    'Chapter 1\n\n',
    page,
    'THE FORD\n\n',
    page,
    'Day 2. The mill\n\n',
    page,
    'Day 3. The rain\n\n',
    page,
    'Chapter 2\n\n',
    page,
  ].join('')
  expect(await titles(text, { kind: 'automatic' })).toEqual(['Chapter 1', 'Chapter 2'])
  expect(await titles(text, { kind: 'words' })).toEqual(['Chapter 1', 'Chapter 2'])
  expect(await titles(text, { kind: 'capitals' })).toEqual([expect.anything(), 'THE FORD'])
  expect(
    await titles(text, { kind: 'pattern', pattern: 'day {number}. *', part: 'chapter {number}' }),
  ).toEqual(['Chapter 1', 'Day 2. The mill', 'Day 3. The rain', 'Chapter 2'])
  expect(await titles(text, { kind: 'none' })).toEqual(['A book'])
  const cut = await importBytes(text, 'A book.txt', { kind: 'length', characters: 5_000 })
  expect(cut.chapters.length).toBeGreaterThan(2)
  expect(cut.chapters[0]?.title).toBe(`A book (1/${cut.chapters.length})`)
  await expect(titles(text, { kind: 'pattern', pattern: 'Night {number}' })).rejects.toMatchObject({
    code: 'headings.none',
  })
  await expect(titles('x\n'.repeat(30_000), { kind: 'pattern', pattern: 'x' })).rejects.toMatchObject({
    code: 'headings.too-many',
  })
})

test('of Markdown the level can be chosen, and a pattern looks at the text alone', async () => {
  const text = `# Part one\n\n## Chapter *One*\n\n${page}### Scene\n\n${page}## Chapter Two\n\n${page}# Part two\n\n## Chapter Three\n\n${page}`
  expect(await titles(text, { kind: 'level', level: 1 })).toEqual(['Part one', 'Part two'])
  expect(await titles(text, { kind: 'level', level: 2 })).toEqual([
    'Chapter One',
    'Chapter Two',
    'Chapter Three',
  ])
  expect((await importBytes(text, 'a.txt', { kind: 'level', level: 2 })).chapters[2]?.part).toBe('Part two')
  expect(await titles(text, { kind: 'pattern', pattern: 'Scene*' })).toEqual([expect.anything(), 'Scene'])
  expect(await titles(text, { kind: 'none' })).toEqual([expect.anything()])
})

test('what each rule would give is told at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nightjar-rules-'))
  try {
    const path = join(folder, 'a.txt')
    await writeFile(path, `Chapter 1\n\n${page}Chapter 2\n\n${page}1\n\n${page}2\n\n${page}3\n\n${page}`)
    const found: [string, number][] = []
    for await (const [rule, chapters] of readByRules(path, 'a.txt')) found.push([rule.kind, chapters.length])
    expect(found).toEqual([
      ['automatic', expect.any(Number)],
      ['words', 2],
      ['numbers', expect.any(Number)],
      ['capitals', 1],
      ['none', 1],
      ['length', 1],
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})
