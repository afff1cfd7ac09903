import { expect, test } from 'vitest'
import { relocate, segmentAt } from './bookmark-anchor.ts'

const segments = [
  { block: 0, start: 0, end: 5 },
  { block: 0, start: 5, end: 12 },
  { block: 2, start: 3, end: 9 },
]

test.for([
  [{ block: 0, start: 0 }, 0],
  [{ block: 0, start: 4 }, 0],
  [{ block: 0, start: 5 }, 1],
  [{ block: 0, start: 99 }, 2],
  [{ block: 1, start: 0 }, 2],
  [{ block: 2, start: 0 }, 2],
  [{ block: 9, start: 0 }, 2],
] as const)('the segment at %j is %i', ([anchor, index]) => {
  expect(segmentAt(segments, anchor)).toBe(index)
})

test('a quote is found where it stood, else nearest to that, else its place is kept as far as there is text', () => {
  const blocks = ['No. No. Yes.', 'He came.', 'No.'].map((text) => ({ text }))
  expect(relocate({ block: 0, start: 4, quote: 'No.' }, blocks)).toEqual({ block: 0, start: 4 })
  expect(relocate({ block: 0, start: 3, quote: 'No.' }, blocks)).toEqual({ block: 0, start: 4 })
  expect(relocate({ block: 1, start: 0, quote: 'Yes.' }, blocks)).toEqual({ block: 0, start: 8 })
  expect(relocate({ block: 2, start: 50, quote: 'gone' }, blocks)).toEqual({ block: 2, start: 3 })
  expect(relocate({ block: 7, start: 1, quote: 'gone' }, blocks)).toEqual({ block: 2, start: 1 })
  expect(relocate({ block: 7, start: 1, quote: '' }, [])).toEqual({ block: 0, start: 0 })
})

test('whatever is put before, between or after them, sentences are found again', () => {
  const sentences = Array.from({ length: 40 }, (_, at) => `Sentence number ${at}, and no other.`)
  for (let round = 0; round < 200; round++) {
    const some = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!
    const before = [sentences.slice(0, 20).join(' '), sentences.slice(20).join(' ')]
    const quote = some(sentences)
    const block = before.findIndex((text) => text.includes(quote))
    const anchor = { block, start: before[block]!.indexOf(quote), quote }
    const changed = sentences.flatMap((each) => (Math.random() < 0.3 && each !== quote ? [] : [each]))
    for (let added = 0; added < 5; added++)
      changed.splice(Math.floor(Math.random() * changed.length), 0, 'Something new.')
    const cut = Math.floor(Math.random() * changed.length)
    const after = [changed.slice(0, cut), changed.slice(cut)].map((part) => ({ text: part.join(' ') }))
    const moved = relocate(anchor, after)
    expect(after[moved.block]?.text.startsWith(quote, moved.start)).toBe(true)
  }
})
