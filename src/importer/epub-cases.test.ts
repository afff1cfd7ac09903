import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { buildEpub } from '../../test/fixtures/epub.ts'
import { hardEpub } from '../../test/fixtures/edge-case-epub.ts'
import { importBytes, listed, shown } from '../../test/fixtures/import-bytes.ts'
import type { ImportedNovel } from '../novel/novel.ts'

// Cases from public complaints, each in a small book.

const folder = new URL('../../test/fixtures/cases/reports/', import.meta.url)

async function reported(name: string): Promise<ImportedNovel> {
  return importBytes(await readFile(new URL(name, folder)), name)
}

/** The blocks of all narrated chapters. */
function texts(novel: ImportedNovel): string[] {
  return novel.chapters.filter(({ matter }) => matter === 'body').flatMap(shown)
}

function skips(novel: ImportedNovel, reason: string): string[] {
  return novel.chapters.flatMap((chapter) =>
    chapter.skips.flatMap((skip) => (skip.reason === reason ? [skip.text ?? ''] : [])),
  )
}

test('superscripts and subscripts are powers, ordinals and formulas as printed', async () => {
  expect(texts(await reported('01-subsup.epub'))).toEqual([
    'heading: Chapter 1',
    'paragraph: The area of the pond was 40 m², he wrote, and the tank held 3 m³.',
    'paragraph: She breathed out CO2 and drank H2O.',
    'paragraph: On the 4th of May, the 1st regiment arrived at 9th Street.',
    'paragraph: It weighs 10⁶ kilograms, and E = mc² was on the wall.',
    'paragraph: The 4th door was locked.',
    'paragraph: Area: 12 km² and x² + y² = z².',
    'paragraph: Temperature was −5 °C, about ½ of what he had hoped, or 2½ times less.',
  ])
  expect(texts(await reported('01b-sub.epub'))[1]).toContain('10⁶ stars')
})

test('note marks of every shape are removed, linked or not, and N° is a number sign', async () => {
  const novel = await reported('02-noterefs.epub')
  expect(texts(novel)).toEqual([
    'heading: Chapter 1',
    ...['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'].map(
      (number) => `paragraph: Sentence about the lamp number ${number}. Then more follows.`,
    ),
  ])
  expect(skips(novel, 'note-reference').slice(0, 8)).toEqual([
    '1',
    '[2]',
    '(3)',
    '*4',
    '[*5]',
    '(*6)',
    '[Note 7]',
    '†',
  ])
  expect(texts(await reported('02-fr.epub')).slice(1)).toEqual([
    'paragraph: Mme Arnaud et Mlle Petit vivaient au XIXe siècle. Me Leroy, notaire, vint le 1er mai.',
    'paragraph: Nº 12, rue du Port. La 2e porte.',
  ])
})

test('drop caps are the first letter of their word, also as pictures and in blocks of their own', async () => {
  expect(texts(await reported('03-dropcaps.epub')).slice(1)).toEqual([
    'paragraph: The mill stood silent.',
    'paragraph: In the morning it rained.',
    'paragraph: When the bell rang, she ran.',
    'paragraph: “Only you,” he said.',
    'paragraph: A storm broke over us.',
    'paragraph: Marley was late.',
    'paragraph: A dog barked.',
    'paragraph: He saw the sign and halted.',
  ])
  expect(texts(await reported('32-dropcap-block.epub')).slice(1)).toEqual([
    'paragraph: The storm broke.',
    'paragraph: He ran.',
    'paragraph: “THE BOY is late.”',
    'paragraph: ONCE UPON A TIME there was rain.',
  ])
})

test('a zip with backslashes in its paths opens', async () => {
  expect(texts(await reported('06b-backslash-only.epub'))).toEqual([
    'heading: Chapter 1',
    'paragraph: First light.',
    'heading: Chapter 2',
    'paragraph: Second light.',
  ])
})

test('a formula is read as its alternative text, or as separate symbols; TeX is left out', async () => {
  const novel = await reported('07-mathml.epub')
  expect(texts(novel).slice(1)).toEqual([
    'paragraph: Then a + b = 7, as promised.',
    'paragraph: And x squared over two remains.',
    'paragraph: E = m',
    'paragraph: So he slept.',
    'paragraph: With n > 1 doors.',
  ])
  expect(skips(novel, 'markup')).toEqual(['x22', 'n \\gt 1'])
})

test('ornaments made of letters are scene breaks', async () => {
  const breaks = texts(await reported('09-breaks.epub')).filter((text) => text.startsWith('scene-break'))
  expect(breaks.map((text) => text.slice(13))).toEqual([
    '***',
    '-----',
    '~~~~~',
    '• • •',
    'oOo',
    '=====',
    'x x x',
    '⁂',
    '~o~O~o~',
    '#',
  ])
})

test('malformed markup is read as in browsers, and no text is lost', async () => {
  expect(texts(await reported('20-malformed.epub'))).toEqual([
    'heading: Chapter 1',
    'paragraph: One — two & three four bold both it',
    'paragraph: After the root comes this.',
    'scene-break: ',
    'paragraph: And this',
    'heading: Chapter 2',
    'paragraph: Two.',
    'paragraph: He said <3 and 5 < 6.',
    'paragraph: hidden words',
    'paragraph: cdata words',
    'paragraph: Attr',
  ])
  expect(texts(await reported('20b-lt.epub'))).toEqual([
    'heading: Chapter 1',
    'paragraph: I <3 you, she wrote, and he was > 40 < 50.',
    'paragraph: Next one.',
    'heading: Chapter 2',
    'paragraph: Two.',
    'paragraph: After the root.',
    'heading: Chapter 3',
    'paragraph: Three.',
    'paragraph: Between body and html.',
    'heading: Chapter 4',
    'paragraph: Four.',
    'heading: Chapter 5',
    'paragraph: Five.',
  ])
})

test('text hidden by a stylesheet becomes a skip that contains it', async () => {
  const novel = await reported('30-hidden.epub')
  expect(texts(novel)).toEqual([
    'heading: Chapter 1',
    'paragraph: Kaia ran.',
    'paragraph: She fell.',
    'paragraph: It rained.',
    'paragraph: She got up.',
    'heading: Chapter 2',
    'paragraph: Two.',
    'paragraph: End.',
  ])
  const line = 'Should you hear this line anywhere but on its own site, it was copied; tell the site.'
  const kinds = [
    '',
    ' span.',
    ' opacity.',
    ' ghost.',
    ' off.',
    ' id.',
    ' attr.',
    ' inline.',
    ' aria.',
    ' zero.',
  ]
  expect(new Set(skips(novel, 'hidden'))).toEqual(
    new Set(['XX', `${line} head style.`, ...kinds.map((kind) => line + kind)]),
  )
})

test('a picture heading is read as its alternative text, else as the title in the contents', async () => {
  expect(texts(await reported('31-images.epub'))).toEqual([
    'heading: Chapter I: The Awoken Heir',
    'paragraph: First half of the chapter.',
    'paragraph: Second half of it.',
    'heading: Chapter 2: The Red Night',
    'paragraph: Night fell.',
    'paragraph: Still chapter two, after the plate.',
    'heading: Chapter III: Dawn',
    'paragraph: Third.',
  ])
})

test('number and title of a heading in two adjacent elements are two headings', async () => {
  expect(texts(await reported('36-navhtml.epub'))).toEqual([
    'heading: Chapter One',
    'heading: The Long Road',
    'paragraph: He went.',
    'heading: Chapter Two',
    'heading: The Short Road',
    'paragraph: She went.',
  ])
})

test('non-linear documents come last and are not narrated, and missing ones are remarked on', async () => {
  const novel = await reported('38-missing.epub')
  expect(listed(novel)).toEqual(['body | Chapter 1', 'body | Chapter 2', 'back | A pop-up aside.'])
  expect(novel.report.remarks).toEqual([
    'The reading order names what the book does not list: cover.',
    '1 of the book’s files are missing and were left out: OEBPS/gone.xhtml.',
  ])
})

test('two chapters with the same name get distinct titles', async () => {
  expect(listed(await reported('39-split.epub'))).toEqual([
    'body | Chapter 1',
    'body | Chapter 1 (2)',
    'body | Chapter 2',
  ])
})

test('texts with unusual dialogue are read as written', async () => {
  expect(texts(await reported('21b-backtick.epub'))[1]).toContain('We`ll go, he`ll stay')
  expect(texts(await reported('33-unicode-roman.epub'))).toEqual([
    'heading: Chapter Ⅲ',
    'paragraph: Henry Ⅷ and World War Ⅱ. Type-Ⅱ unit. ① First, ② second. ½ done, №5. Ⅳ.',
  ])
  expect(texts(await reported('35-ellipsis.epub'))[2]).toBe(
    'paragraph: Wait . . . what? He said--no, shouted----that it was over....',
  )
  expect(texts(await reported('28-numbers.epub'))).toHaveLength(5)
  expect(texts(await reported('46-vi.epub'))).toHaveLength(7)
  const named = await reported('24-names.epub')
  expect([named.title, named.author]).toEqual(['Đêm trắng: “Tập 1.” / Ánh sáng?', 'Nguyễn Văn Ý.'])
})

test('hard cases: markup in a title, powers, marks, ornaments, ruby readings, prices', async () => {
  const novel = await importBytes(await hardEpub(), 'hard.epub')
  expect(novel.title).toBe('Hard Cases & Others')
  expect(texts(novel)).toEqual([
    'heading: Marks',
    'paragraph: Ten times ten is 10², and the room had 20 m². He smiled. “Go,” she said. It was the 1st of May.',
    'heading: Hidden',
    'paragraph: This is seen.',
    'paragraph: Her name was 凪.',
    'heading: Money',
    'paragraph: It cost £3 10s. 6d. in all. He was 5′11″ tall. She owed him 7s. 6d. still.',
  ])
  expect(skips(novel, 'note-reference')).toEqual(['2', '*'])
  expect(skips(novel, 'hidden')).toEqual(['(This is an ornament.)'])
  expect(novel.chapters[1]?.blocks[2]?.readings).toEqual([{ start: 13, end: 14, said: 'なぎ' }])
})

test('raised letters after a comma are note marks, and a raised half keeps apart from the figure before it', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [
        {
          name: 'a.xhtml',
          body: '<h1>One</h1><p>The lamp, she said,<sup>a</sup> was lit for 4<sup>1</sup>/<sub>2</sub> hours, and <sup>3</sup>/<sub>4</sub> of one.</p>',
        },
      ],
    }),
    'raised.epub',
  )
  expect(texts(novel)[1]).toBe('paragraph: The lamp, she said, was lit for 4¹/2 hours, and 3/4 of one.')
  expect(skips(novel, 'note-reference')).toEqual(['a'])
})
