import { expect, test } from 'vitest'
import { decode, decodeXml } from './text-decoding.ts'

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values)
const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const utf16be = (text: string): Uint8Array => Buffer.from(text, 'utf16le').swap16()

const french =
  'Il était une fois, dans un château très éloigné, un garçon à qui la nature avait donné les mœurs les plus douces. '
    .replace('œ', 'oe')
    .repeat(20)

test('a byte order mark decides, and is not part of the text', () => {
  expect(decode(Buffer.from('\uFEFFNgày xửa', 'utf8'))).toEqual({ text: 'Ngày xửa', encoding: 'utf-8' })
  expect(decode(Buffer.from('\uFEFFHallo', 'utf16le'))).toEqual({ text: 'Hallo', encoding: 'utf-16le' })
  expect(decode(utf16be('\uFEFFHallo'))).toEqual({ text: 'Hallo', encoding: 'utf-16be' })
})

test('UTF-16 without a byte order mark is detected by the position of its zeros', () => {
  expect(decode(Buffer.from('Once upon a time', 'utf16le'))?.encoding).toBe('utf-16le')
  expect(decode(utf16be('Once upon a time'))?.encoding).toBe('utf-16be')
})

test('valid UTF-8 is UTF-8, also with a stray byte or a truncated end', () => {
  expect(decode(Buffer.from('他走了。'))).toEqual({ text: '他走了。', encoding: 'utf-8' })
  const long = Buffer.from('他走了。'.repeat(200))
  expect(decode(long.subarray(0, -1))?.encoding).toBe('utf-8')
})

test('ISO-8859-1 is decoded as windows-1252', () => {
  const text = `${french} \u0093No!\u0094`
  const decoded = decode(latin1(text))
  expect(decoded?.encoding).toBe('windows-1252')
  expect(decoded?.text).toContain('château très éloigné')
  expect(decoded?.text.endsWith('“No!”')).toBe(true)
})

// “话说天下大势，分久必合，合久必分。” and similar text in these encodings.
const samples: readonly (readonly [string, string, readonly number[]])[] = [
  [
    'gb18030',
    '话说天下大势，分久必合，合久必分。',
    [
      0xbb, 0xb0, 0xcb, 0xb5, 0xcc, 0xec, 0xcf, 0xc2, 0xb4, 0xf3, 0xca, 0xc6, 0xa3, 0xac, 0xb7, 0xd6, 0xbe,
      0xc3, 0xb1, 0xd8, 0xba, 0xcf, 0xa3, 0xac, 0xba, 0xcf, 0xbe, 0xc3, 0xb1, 0xd8, 0xb7, 0xd6, 0xa1, 0xa3,
    ],
  ],
  [
    'big5',
    '話說天下大勢，分久必合，合久必分。',
    [
      0xb8, 0xdc, 0xbb, 0xa1, 0xa4, 0xd1, 0xa4, 0x55, 0xa4, 0x6a, 0xb6, 0xd5, 0xa1, 0x41, 0xa4, 0xc0, 0xa4,
      0x5b, 0xa5, 0xb2, 0xa6, 0x58, 0xa1, 0x41, 0xa6, 0x58, 0xa4, 0x5b, 0xa5, 0xb2, 0xa4, 0xc0, 0xa1, 0x43,
    ],
  ],
  [
    'shift_jis',
    '吾輩は猫である。名前はまだ無い。',
    [
      0x8c, 0xe1, 0x94, 0x79, 0x82, 0xcd, 0x94, 0x4c, 0x82, 0xc5, 0x82, 0xa0, 0x82, 0xe9, 0x81, 0x42, 0x96,
      0xbc, 0x91, 0x4f, 0x82, 0xcd, 0x82, 0xdc, 0x82, 0xbe, 0x96, 0xb3, 0x82, 0xa2, 0x81, 0x42,
    ],
  ],
  [
    'windows-1251',
    'Все счастливые семьи похожи друг на друга. ',
    [
      0xc2, 0xf1, 0xe5, 0x20, 0xf1, 0xf7, 0xe0, 0xf1, 0xf2, 0xeb, 0xe8, 0xe2, 0xfb, 0xe5, 0x20, 0xf1, 0xe5,
      0xec, 0xfc, 0xe8, 0x20, 0xef, 0xee, 0xf5, 0xee, 0xe6, 0xe8, 0x20, 0xe4, 0xf0, 0xf3, 0xe3, 0x20, 0xed,
      0xe0, 0x20, 0xe4, 0xf0, 0xf3, 0xe3, 0xe0, 0x2e, 0x20,
    ],
  ],
]

test.each(samples)('%s is detected by statistics', (encoding, text, values) => {
  const once = bytes(...values)
  const many = Buffer.concat(Array.from({ length: 40 }, () => once))
  expect(decode(many)).toEqual({ text: text.repeat(40), encoding })
})

test('bytes with zeros or control characters are not text', () => {
  expect(decode(bytes(72, 0, 0, 0, 105, 0, 0, 0))).toBeUndefined()
  expect(
    decode(Uint8Array.from({ length: 1000 }, (_, index) => index % 256).filter((byte) => byte > 0)),
  ).toBeUndefined()
})

const page = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?><p>été</p>`

test('a page of an EPUB is decoded as declared, unless it is valid UTF-8', () => {
  expect(decodeXml(latin1(page('ISO-8859-1')))).toEqual({
    text: page('ISO-8859-1'),
    encoding: 'windows-1252',
  })
  expect(decodeXml(Buffer.from(page('ISO-8859-1'), 'utf8')).text).toBe(page('ISO-8859-1'))
  expect(decodeXml(latin1(page('nonsense'))).text).toContain('été')
})
