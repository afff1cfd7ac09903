import { expect, test } from 'vitest'
import { bookFormatContract } from '../../../test/contracts/book-format-contract.ts'
import { importedTexts } from '../../../test/fixtures/character-census.ts'
import { importBytes, listed, shown } from '../../../test/fixtures/import-bytes.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const prose =
  'It was a long way to the sea, and nobody who had gone there had come back to tell of what they saw.'

const book = `---
title: "The Sea: a Tale"
author: [Anna Bell, 'Ben O''Hara']
lang: en-GB
date: 2019-04-01T10:00:00Z
series: Shores
series_index: 2
description: >
  Of a way
  to the sea.
---

# The Shore

    The *cafe\u0301* was **open**, and [the door](http://example.org/door "a door") was not[^one].

> “No!” she said.

* * *

1. First \\*this\\*
2. Then <b>that</b> &amp; more

# The Land

| who | where |
|-----|-------|
| Ann | here  |

![A map of the land](map.png)

~~Gone~~ and \`kept\`. <script>alert('never')</script>

${prose}

他走了。

[^one]: It was *locked*.

[door]: http://example.org/unused
`

bookFormatContract('a Markdown text', 'markdown', {
  bytes: utf8(book),
  chapters: [
    'The Shore The café was open, and the door was not[^one]. “No!” she said. First *this* Then that & more',
    `The Land who where Ann here Gone and kept. ${prose} 他走了。 It was locked.`,
  ],
  hostile: [
    ['front matter without a text', utf8('---\ntitle: Empty\n---\n\n***\n'), 'novel.no-text'],
    ['a script alone', utf8('---\ntitle: A\n---\n\n<script>\n# One\n\n# Two\n</script>\n'), 'novel.no-text'],
    ['three million lines', utf8(`# One\n\n# Two${'\n'.repeat(3_100_000)}b`), 'novel.hostile'],
  ],
})

test('front matter gives title, authors, language, date and series, and is no text', async () => {
  const novel = await importBytes(book, 'a.md')
  expect(novel).toMatchObject({
    title: 'The Sea: a Tale',
    author: "Anna Bell, Ben O'Hara",
    language: 'en-GB',
    published: '2019-04-01',
    description: 'Of a way to the sea.',
    series: { name: 'Shores', position: '2' },
  })
  expect(novel.report).toMatchObject({ format: 'markdown', evidence: 'headings' })
  expect(listed(novel)).toEqual(['body | The Shore', 'body | The Land'])
})

test('headings are chapters; emphasis, lists, tables and notes are what they are', async () => {
  const { chapters } = await importBytes(book, 'a.md')
  expect(chapters.map(shown)).toEqual([
    [
      'heading: The Shore',
      'paragraph: The café was open, and the door was not.',
      'paragraph: “No!” she said.',
      'scene-break: ',
      'paragraph: First *this*',
      'paragraph: Then that & more',
    ],
    [
      'heading: The Land',
      'paragraph: who where',
      'paragraph: Ann here',
      'paragraph: Gone and kept.',
      `paragraph: ${prose}`,
      'paragraph: 他走了。',
    ],
  ])
  const [shore, land] = chapters
  expect(shore?.blocks[1]?.marks?.map(({ kind }) => kind)).toEqual(['em', 'strong', 'link'])
  expect(shore?.blocks[4]?.within?.[0]).toMatchObject({ kind: 'list', number: 1 })
  expect(shore?.skips.find(({ reason }) => reason === 'note-reference')).toMatchObject({
    text: '[^one]',
    note: 'It was locked.',
  })
  expect(land?.skips.find(({ reason }) => reason === 'image')?.text).toContain('A map of the land')
})

test('a text with its only first-level heading at the top has it for a title', async () => {
  const novel = await importBytes(`The Sea\n=======\n\n## One\n\n${prose}\n\n## Two\n\n${prose}\n`, 'a.txt')
  expect(novel.title).toBe('The Sea')
  expect(listed(novel)).toEqual(['front | The Sea', 'body | One', 'body | Two'])
})

test('where each line is a paragraph, lines stay apart', async () => {
  const line = (name: string): string => `${name} went to the sea, and it was a long way. Nobody spoke.`
  const text = `# One\n${['Ann', 'Ben', 'Cid'].map(line).join('\n')}\n# Two\n${['Dan', 'Eve'].map(line).join('\n')}\n`
  const { chapters } = await importBytes(text, 'a.md')
  expect(
    chapters.map(({ blocks }) => blocks.map(({ text: words }) => words.split('\n')).flat().length),
  ).toEqual([4, 3])
})

test('every word of a text of random parts is kept once, and in its order', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    let state = seed
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return (state >>> 16) % below
    }
    let count = 0
    const word = (): string => `w${count++}x`
    const parts: readonly (() => string)[] = [
      () => `# ${word()}`,
      () => `## ${word()} *${word()}* ##`,
      () => `${word()}\n---`,
      () => `${word()} **${word()} _${word()}_** \`${word()}\``,
      () => `> ${word()}\n> > ${word()}`,
      () => `- ${word()}\n  - ${word()}\n- ${word()}`,
      () => `7. ${word()}\n8. ${word()}`,
      () => `| ${word()} | ${word()} |\n|---|---|\n| ${word()} | ${word()} |`,
      () => `\`\`\`\n${word()}\n\`\`\``,
      () => `    ${word()} [${word()}](http://a.example/ "t") <http://a.example>`,
      () => `<div>${word()} <i>${word()}</i></div>`,
      () => '***',
      () => `${word()}\\\n${word()}  \n${word()}\n${word()}`,
    ]
    const text = `# ${word()}\n\n# ${word()}\n\n${Array.from({ length: 60 }, () => parts[random(parts.length)]!()).join('\n\n')}\n`
    const { chapters } = await importBytes(text, 'a.md')
    const kept = [...importedTexts(chapters)].join(' ').match(/w\d+x/g) ?? []
    expect(kept.toSorted()).toEqual(Array.from({ length: count }, (_, index) => `w${index}x`).toSorted())
    const spoken = chapters.flatMap(({ blocks }) =>
      blocks.flatMap((block) => block.text.match(/w\d+x/g) ?? []),
    )
    expect(spoken.map((each) => Number(each.slice(1, -1)))).toEqual(
      spoken.map((each) => Number(each.slice(1, -1))).toSorted((a, b) => a - b),
    )
  }
})
