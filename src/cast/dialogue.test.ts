import { expect, test } from 'vitest'
import type { Mark } from '../novel/novel.ts'
import { findDialogue } from './dialogue.ts'

const paragraphs = (...texts: string[]) => texts.map((text) => ({ kind: 'paragraph' as const, text }))

/** What is spoken, paragraph by paragraph. */
function spoken(language: string, ...texts: string[]): string[][] {
  return findDialogue(paragraphs(...texts), language).map((spans, at) =>
    spans
      .filter(({ kind }) => kind === 'speech')
      .map(({ start, end }) => texts[at]!.slice(start, end).trim()),
  )
}

test.each([
  ['en', '“No,” said Anna. “Not now.”', ['“No,”', '“Not now.”']],
  ['en', '"No," said Anna, "not now."', ['"No,"', '"not now."']],
  [
    'en',
    '‘I don’t know,’ said Ann. ‘The boys’ hats aren’t here.’',
    ['‘I don’t know,’', '‘The boys’ hats aren’t here.’'],
  ],
  ['en', "'I don't know,' said Ann, 'it isn't mine.'", ["'I don't know,'", "'it isn't mine.'"]],
  ['en', '“He said ‘No!’ and left,” said Ann.', ['“He said ‘No!’ and left,”']],
  ['en', '‘She said “Go!” twice,’ said Ann. ‘Yes.’', ['‘She said “Go!” twice,’', '‘Yes.’']],
  ['en', 'It was marked “poison” in red letters.', []],
  ['de', '»Nein,« sagte Gregor, »nicht jetzt.«', ['»Nein,«', '»nicht jetzt.«']],
  ['de', '„Nein“, sagte Gregor. „Nicht jetzt.“', ['„Nein“', '„Nicht jetzt.“']],
  ['fr', '« Non, dit-il, je reste. »', ['« Non,', 'je reste. »']],
  ['fr', '— Non, dit Candide, je reste.', ['— Non,', 'je reste.']],
  ['fr', '— Non, dit-il.', ['— Non,']],
  ['es', '—No —dijo Juan—. Ven aquí.', ['—No', '—. Ven aquí.']],
  ['vi', '– Không, – Lan nói. – Đi thôi.', ['– Không,', '– Đi thôi.']],
  ['vi', '“Không,” Lan nói.', ['“Không,”']],
  ['zh', '猴王道：“是。”童子道：“你跟我进来。”', ['“是。”', '“你跟我进来。”']],
  ['ja', '「行こう」と彼は言った。「『早く』だ」', ['「行こう」', '「『早く』だ」']],
  ['ja', '『行こう』と彼は言った。', ['『行こう』']],
])('speech in %s: %s', (language, text, expected) => {
  expect(spoken(language, text)).toEqual([expected])
})

test('a quote goes on in the next paragraph only if that opens again', () => {
  const long = paragraphs('“It was long ago.', '“And far away.”', 'He was silent.')
  expect(findDialogue(long, 'en').map(([first]) => [first?.kind, first?.goesOn])).toEqual([
    ['speech', undefined],
    ['speech', true],
    ['narration', undefined],
  ])
  expect(spoken('en', '“It was long ago.', 'He was silent. “Yes.”')).toEqual([
    ['“It was long ago.'],
    ['“Yes.”'],
  ])
})

test('whole sentences in italics are thoughts, single words are not', () => {
  const text = 'He stopped. Not again! It was the Nautilus.'
  const marks: Mark[] = [
    { kind: 'em', start: 12, end: 22 },
    { kind: 'em', start: 34, end: 42 },
  ]
  const [spans] = findDialogue([{ kind: 'paragraph', text, marks }], 'en')
  expect(
    spans!.filter(({ kind }) => kind === 'thought').map(({ start, end }) => text.slice(start, end)),
  ).toEqual(['Not again!'])
})

/** A pseudo-random sequence, the same each time. */
function* sequence(seed: number): Generator<number, never> {
  let state = seed
  for (;;) yield (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648)
}

test('the spans of a block tile it, whatever marks it is made of', () => {
  const pieces = [
    '“',
    '”',
    '‘',
    '’',
    '"',
    "'",
    '«',
    '»',
    '„',
    '「',
    '」',
    '—',
    '– ',
    ' ',
    'a',
    'Lan nói',
    'dit-il',
    ', ',
    '. ',
    '道：',
    '\n',
  ]
  for (const language of ['en', 'fr', 'de', 'es', 'vi', 'zh']) {
    const random = sequence(language.charCodeAt(0) * 31 + language.charCodeAt(1))
    for (let round = 0; round < 300; round++) {
      const texts = Array.from({ length: 3 }, () =>
        Array.from(
          { length: random.next().value % 30 },
          () => pieces[(random.next().value >> 8) % pieces.length],
        ).join(''),
      )
      for (const [block, spans] of findDialogue(paragraphs(...texts), language).entries()) {
        expect(spans.map((span) => [span.block, span.start])).toEqual(
          spans.map((_, at) => [block, at === 0 ? 0 : spans[at - 1]!.end]),
        )
        expect(spans.every(({ start, end }) => start < end)).toBe(true)
        expect(spans.at(-1)?.end ?? 0).toBe(texts[block]!.length)
      }
    }
  }
})

test.each([
  '“',
  '”',
  "'",
  '’',
  '‘',
  '"',
  '«',
  '„',
  '‘a ',
  "'a ",
  '“a ‘',
  '“"',
  '‘“',
  '— ',
  ', dit-il',
  '，道：“',
])('a million characters of %s are read in one go', (piece) => {
  const text = piece.repeat(1_000_000 / piece.length)
  for (const language of ['en', 'fr', 'vi'])
    expect(findDialogue(paragraphs(text), language)[0]!.at(-1)!.end).toBe(text.length)
})
