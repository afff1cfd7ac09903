import { expect, test } from 'vitest'
import { demux } from '../../../test/fixtures/demuxed.ts'
import { encodedAudio } from '../../../test/fixtures/encoded-audio.ts'
import { speechLike } from '../../../test/fixtures/speech-like.ts'
import { moovFirst } from './moov-first.ts'

const file = encodedAudio('m4a', speechLike(1, 24_000), 24_000)
const place = (bytes: Uint8Array, type: string): number => Buffer.from(bytes).indexOf(type)

test('a file with its index last gets it first and decodes to the same samples', () => {
  expect(place(file, 'moov')).toBeGreaterThan(place(file, 'mdat'))
  const moved = moovFirst(file)
  expect(moved).toHaveLength(file.length)
  expect(place(moved, 'moov')).toBeLessThan(place(moved, 'mdat'))
  expect(demux(moved)).toEqual(demux(file))
})

test('a file that begins with its index is unchanged', () => {
  const moved = moovFirst(file)
  expect(moovFirst(moved)).toBe(moved)
  expect(moovFirst(file.subarray(0, 500))).toEqual(file.subarray(0, 500))
  expect(moovFirst(new Uint8Array(0))).toEqual(new Uint8Array(0))
})

function box(type: string, ...content: Buffer[]): Buffer {
  const head = Buffer.alloc(8)
  const size = content.reduce((sum, { length }) => sum + length, 8)
  head.writeUInt32BE(size)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, ...content])
}

test.each(['stco', 'co64'])('offsets in %s are adjusted, except those beyond the index', (type) => {
  const width = type === 'co64' ? 8 : 4
  const table = Buffer.alloc(8 + 2 * width)
  table.writeUInt32BE(2, 4)
  // The second points beyond the index.
  const offsets = [40, 2000]
  offsets.forEach((offset, i) => table.writeUInt32BE(offset, 8 + (i + 1) * width - 4))
  const nest = (...types: string[]): Buffer =>
    types.reduceRight((inner, outer) => box(outer, inner), box(type, table))
  const moov = nest('moov', 'trak', 'mdia', 'minf', 'stbl')
  const moved = Buffer.from(
    moovFirst(Buffer.concat([box('ftyp', Buffer.alloc(8)), box('mdat', Buffer.alloc(100)), moov])),
  )
  const at = moved.indexOf(type) + 4 + 8
  const read = [0, 1].map((i) => moved.readUInt32BE(at + (i + 1) * width - 4))
  expect(read).toEqual([40 + moov.length, 2000])
})

test('a table that claims more entries than it holds is adjusted as far as it goes', () => {
  const table = Buffer.alloc(12)
  table.writeUInt32BE(0xffffffff, 4)
  const moov = box('moov', box('trak', box('mdia', box('minf', box('stbl', box('stco', table))))))
  const moved = Buffer.from(moovFirst(Buffer.concat([box('mdat', Buffer.alloc(4)), moov])))
  expect(moved.readUInt32BE(moved.indexOf('stco') + 12)).toBe(moov.length)
})
