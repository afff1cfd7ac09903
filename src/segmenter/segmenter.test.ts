import { expect, test } from 'vitest'
import type { Block, BlockKind, Skip } from '../novel/novel.ts'
import { segmentChapter } from './segmenter.ts'

const block = (kind: BlockKind, text: string): Block => ({ kind, text })
const paragraph = (text: string) => block('paragraph', text)

function cut(text: string, language = 'en', kind: BlockKind = 'paragraph'): string[] {
  const { segments } = segmentChapter({ blocks: [block(kind, text)], skips: [] }, language)
  return segments.map(({ start, end }) => text.slice(start, end))
}

test('short lines are spoken', () => {
  for (const line of ['No!', '他走了。', 'Oh—', '…Yes.', '“I.”', 'A', '1']) {
    expect(cut(line)).toEqual([line])
  }
})

test('a reading given by the book is spoken, and the text is unchanged', () => {
  const text = '彼女の名は凪だった。'
  const readings = [{ start: 5, end: 6, said: 'なぎ' }]
  const { segments } = segmentChapter({ blocks: [{ ...paragraph(text), readings }], skips: [] }, 'ja')
  expect(segments).toMatchObject([{ start: 0, end: text.length, spoken: '彼女の名はなぎだった。' }])
})

test('the white space after a sentence belongs to it', () => {
  expect(cut('The first sentence is here.  The second sentence follows it.')).toEqual([
    'The first sentence is here.  ',
    'The second sentence follows it.',
  ])
})

test('direct speech and its speech tag are one segment', () => {
  expect(
    cut('“Where have you been all this time?” he asked. “Nowhere that I could tell you about.”'),
  ).toEqual(['“Where have you been all this time?” he asked. ', '“Nowhere that I could tell you about.”'])
})

test('a short sentence joins a neighbour in the same direct speech', () => {
  expect(cut('He looked at the door for a long time. “No! I will not open it for anybody.”')).toEqual([
    'He looked at the door for a long time. ',
    '“No! I will not open it for anybody.”',
  ])
})

test('Chinese sentences end after their closing quotes', () => {
  expect(
    cut('行者笑道：“师父，你且在此坐坐，等老孙去看看来。”三藏道：“悟空，你去去便来，不可有误啊！”', 'zh'),
  ).toEqual(['行者笑道：“师父，你且在此坐坐，等老孙去看看来。”', '三藏道：“悟空，你去去便来，不可有误啊！”'])
  expect(cut('「這座山上真的有神仙嗎？我從來沒有見過。」', 'zh').join('|')).toBe(
    '「這座山上真的有神仙嗎？|我從來沒有見過。」',
  )
})

test('a long sentence is split at its pauses, and no chunk is longer than an utterance', () => {
  const clause = 'he walked along the river until the sun had gone down behind the hills'
  const pieces = cut(`${clause}, ${clause}; ${clause}, ${clause}, ${clause}, ${clause}.`)
  expect(pieces.map((piece) => piece.trimEnd().at(-1))).toEqual([';', ',', '.'])
  const chinese = cut(`${'他沿着河边慢慢地走着看着天上的云'.repeat(3)}，`.repeat(5), 'zh')
  expect(Math.max(...chinese.map((piece) => piece.length))).toBeLessThanOrEqual(110)
})

test('text without any place to cut is cut between characters', () => {
  for (const unit of ['x', '汉', '👩‍👩‍👧', 'e\u0301']) {
    const pieces = cut(unit.repeat(800))
    expect(pieces.every((piece) => piece.length <= 350 && piece.startsWith(unit[0]!))).toBe(true)
  }
})

test('a stanza is cut at its lines', () => {
  const line = 'And all the stars that shone upon the silent water of the lake'
  const pieces = cut(Array.from({ length: 8 }, () => line).join('\n'), 'en', 'verse')
  expect(pieces.length).toBeGreaterThan(1)
  expect(pieces.slice(0, -1).every((piece) => piece.endsWith('lake\n'))).toBe(true)
})

test('pauses depend on what follows: sentence, paragraph, heading, scene break', () => {
  const { segments } = segmentChapter(
    {
      blocks: [
        block('heading', 'CHAPTER I. The Beginning'),
        paragraph('The first sentence stands here. The second sentence stands here.'),
        paragraph('Another paragraph is here.'),
        block('scene-break', '* * *'),
        paragraph('A new scene begins with this.'),
        paragraph('⁂'),
        paragraph('A third scene ends with a rule.'),
        block('scene-break', ''),
        paragraph('A fourth ends the chapter.'),
      ],
      skips: [],
    },
    'en',
  )
  expect(segments.map(({ pause }) => pause)).toEqual([
    'section',
    'sentence',
    'paragraph',
    'section',
    'section',
    'section',
    'section',
  ])
})

test('scene breaks and text without words become skips with their reason', () => {
  const blocks = [block('scene-break', '* * *'), paragraph('— — —'), paragraph('')]
  expect(segmentChapter({ blocks, skips: [] }, 'en')).toEqual({
    segments: [],
    skips: [
      { block: 0, start: 0, end: 5, reason: 'scene-break' },
      { block: 1, start: 0, end: 5, reason: 'unspeakable' },
    ],
  })
})

test('the chapter’s own skips are kept, and no segment covers them', () => {
  const text = 'He went away.[12] She stayed at home.'
  const skips: Skip[] = [
    { block: 0, start: 5, end: 5, reason: 'image', text: 'a map' },
    { block: 0, start: 13, end: 17, reason: 'note-reference' },
  ]
  const cutChapter = segmentChapter({ blocks: [paragraph(text)], skips }, 'en')
  expect(cutChapter.skips).toEqual(skips)
  expect(cutChapter.segments.map(({ start, end, spoken }) => [start, end, spoken])).toEqual([
    [0, 13, 'He went away.'],
    [17, text.length, 'She stayed at home.'],
  ])
})

test('a heading is one utterance', () => {
  expect(cut('CHAPTER IX. Who Stole the Tarts? A Trial', 'en', 'heading')).toHaveLength(1)
})

test('segmenting the same chapter again gives the same segments', () => {
  const blocks = [paragraph('The first. “The second!” he said, and then . . . nothing more at all.')]
  expect(segmentChapter({ blocks, skips: [] }, 'en')).toEqual(segmentChapter({ blocks, skips: [] }, 'en'))
})
