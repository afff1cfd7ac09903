import { expect, test } from 'vitest'
import { contentDisposition, parseRange } from './file-response.ts'

const asciiNameOf = (title: string) => /filename="?([^";]*)/.exec(contentDisposition(title, '.m4b'))?.[1]
/** Sent only where it differs from the ASCII name. */
const utf8NameOf = (title: string) => {
  const encoded = /''(.*)$/.exec(contentDisposition(title, '.m4b'))?.[1]
  return encoded === undefined ? asciiNameOf(title) : decodeURIComponent(encoded)
}

test.for([
  ['Café Nguyễn Đình Đầu', 'Cafe Nguyen Dinh Dau.m4b'],
  ['Łódź, Ærø, Straße, ﬁn', 'Lodz, AEro, Strasse, fin.m4b'],
  ['“Quoted” — it’s', "'Quoted' - it's.m4b"],
  ['100 % \\ a/b', '100 _ a b.m4b'],
  ['西遊記', '___.m4b'],
  ['℀', 'a_c.m4b'],
  ['🐟', '_.m4b'],
] as const)('the ASCII file name of %s is %s', ([title, plain]) => {
  expect(asciiNameOf(title)).toBe(plain)
})

test.for([
  ['Who: he? <now> | "then"*', 'Who he now then .m4b'],
  ['西遊記: một', '西遊記 một.m4b'],
  ['aux', 'aux_.m4b'],
  ['con.fused', 'con_.fused.m4b'],
  ['.hidden...', 'hidden.m4b'],
  ['\ud800', 'untitled.m4b'],
  ['?', 'untitled.m4b'],
] as const)('the UTF-8 file name of %s is valid on every system: %s', ([title, real]) => {
  expect(utf8NameOf(title)).toBe(real.replace(' .m4b', '.m4b'))
})

test('the extension is kept however long the title is', () => {
  expect(utf8NameOf('長'.repeat(300))).toBe(`${'長'.repeat(60)}.m4b`)
})

test('a single byte range is parsed, open at either end', () => {
  expect(parseRange('bytes=0-99', 1000)).toEqual({ start: 0, end: 100 })
  expect(parseRange('bytes=900-', 1000)).toEqual({ start: 900, end: 1000 })
  expect(parseRange('bytes=-100', 1000)).toEqual({ start: 900, end: 1000 })
  expect(parseRange('bytes=990-2000', 1000)).toEqual({ start: 990, end: 1000 })
  expect(parseRange(`bytes=990-${'9'.repeat(400)}`, 1000)).toEqual({ start: 990, end: 1000 })
})

test('a range that begins beyond the end is unsatisfiable', () => {
  expect(parseRange('bytes=1000-', 1000)).toBe('unsatisfiable')
  expect(parseRange('bytes=-0', 1000)).toBe('unsatisfiable')
  expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable')
})

test('any other Range header is ignored', () => {
  for (const header of [
    undefined,
    '',
    'bytes=-',
    'items=0-1',
    'bytes=0-1,5-6',
    'bytes=9-3',
    'bytes=x-3',
    'bytes=5',
  ]) {
    expect(parseRange(header, 1000)).toBeUndefined()
  }
})
