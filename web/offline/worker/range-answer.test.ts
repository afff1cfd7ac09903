import { expect, test } from 'vitest'
import { rangeAnswer } from './range-answer.ts'

const blob = new Blob(['0123456789'], { type: 'audio/mp4' })
const file = {
  size: blob.size,
  type: blob.type,
  part: async (from: number, to: number) => blob.slice(from, to),
}

const cases: readonly (readonly [range: string | null, status: number, body: string, span: string | null])[] =
  [
    [null, 200, '0123456789', null],
    ['bytes=0-', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=0-1', 206, '01', 'bytes 0-1/10'],
    ['bytes=4-99', 206, '456789', 'bytes 4-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-30', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=0-1,4-5', 200, '0123456789', null],
    ['lines=0-1', 200, '0123456789', null],
  ]

test.for(cases)('%s is answered %i', async ([range, status, body, span]) => {
  const answer = await rangeAnswer(file, range, '"tag"')
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-range')).toBe(span)
  expect(answer.headers.get('etag')).toBe('"tag"')
  expect(await answer.text()).toBe(body)
})
