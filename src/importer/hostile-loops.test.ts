import { describe, expect, test } from 'vitest'
import { kf8, partsOf } from '../../test/fixtures/azw3.ts'
import { importOutcome } from '../../test/fixtures/import-outcome.ts'
import { Failure } from '../novel/failure.ts'

// Files whose parts lead back to themselves, or tell of more than there is.

type Bytes = string | Uint8Array
const said = 'It was a long way to the sea, and nobody came back to tell of it.'

/** A PDF of these objects, without a table: readers look for them. */
const pdf = (...objects: readonly string[]): Bytes =>
  `%PDF-1.4\n${objects.map((body, index) => `${index + 1} 0 obj\n${body}\nendobj\n`).join('')}trailer\n<</Root 1 0 R>>\n%%EOF`
const stream = (content: string, more = ''): string =>
  `<<${more}/Length ${content.length}>>\nstream\n${content}\nendstream`
const page = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>'
const font = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'
/** A catalogue with a page that draws the sixth object too. */
const drawsForm = [
  '<</Type/Catalog/Pages 2 0 R>>',
  '<</Type/Pages/Count 1/Kids[3 0 R]>>',
  page.replace('<</F 4 0 R>>', '<</F 4 0 R>>/XObject<</X 6 0 R>>'),
  font,
]
const shows = stream(`BT /F 12 Tf 50 700 Td (${said}) Tj ET`)

/** Each form draws the one below ten times. */
const forms = (levels: number): string[] =>
  Array.from({ length: levels }, (_, level) =>
    level === levels - 1
      ? stream(
          `BT /F 12 Tf 50 700 Td (${said}) Tj ET`,
          '/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 4 0 R>>>>',
        )
      : stream(
          '/X Do '.repeat(10),
          `/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X ${level + 7} 0 R>>>>`,
        ),
  )

describe('what leads back to itself', () => {
  test.each<[string, string, () => Bytes, 'read' | 'refused']>([
    [
      'a tree of pages',
      'pdf',
      () =>
        pdf('<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 2/Kids[3 0 R 2 0 R]>>', page, font, shows),
      'refused',
    ],
    [
      'bookmarks',
      'pdf',
      () =>
        pdf(
          '<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>',
          '<</Type/Pages/Count 1/Kids[3 0 R]>>',
          page,
          font,
          shows,
          '<</First 7 0 R/Last 7 0 R>>',
          '<</Title(A)/Next 7 0 R/First 7 0 R/Dest[3 0 R/Fit]>>',
        ),
      'read',
    ],
    [
      'a form that draws itself',
      'pdf',
      () =>
        pdf(
          ...drawsForm,
          stream(`/X Do BT /F 12 Tf 50 700 Td (${said}) Tj ET`),
          stream('/X Do', '/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>'),
        ),
      'read',
    ],
    [
      'a table of objects before itself',
      'pdf',
      () => `%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Prev 9>>\nstartxref\n9\n%%EOF`,
      'refused',
    ],
    [
      'a stream of objects within itself',
      'pdf',
      () =>
        pdf(
          '<</Type/Catalog/Pages 2 0 R>>',
          stream('2 0 <</Type/Pages>>', '/Type/ObjStm/N 9999999/First 4/Extends 2 0 R'),
        ),
      'refused',
    ],
    [
      'forms that draw others ten times each',
      'pdf',
      () => pdf(...drawsForm, stream('/X Do'), ...forms(12)),
      'refused',
    ],
    [
      'contents of an AZW3 book',
      'azw3',
      () =>
        kf8({
          ...partsOf([`<p>${said}</p>`]),
          contents: [{ values: { 3: [0], 6: [0, 0], 21: [1] } }, { values: { 3: [0], 6: [0, 0], 21: [0] } }],
          labels: ['A'],
        }),
      'read',
    ],
    [
      'contents of an AZW3 book that nest without end',
      'azw3',
      () =>
        kf8({
          ...partsOf([`<p>${said}</p>`]),
          contents: Array.from({ length: 30_000 }, (_, level) => ({
            values: { 3: [0], 4: [level], 6: [0, 0] },
          })),
          labels: ['A'],
        }),
      'read',
    ],
  ])('%s', async (_, ending, build, end) => {
    const novel = await importOutcome(build(), ending)
    expect(novel instanceof Failure ? 'refused' : 'read').toBe(end)
  })
})

describe('indexes of an AZW3 book', () => {
  const body = partsOf([`<p>${said}</p>`, `<p>${said}</p>`])
  const huge = [{ values: { 1: [1_000_000], 6: [0, 200_000_000] } }]
  test.each<[string, () => Bytes]>([
    ['more fragments than there are', () => kf8({ ...body, skeletons: huge })],
    [
      'documents that are all of the text, a thousand times',
      () =>
        kf8({
          ...body,
          text: Buffer.alloc(100_000, 'a'),
          skeletons: Array.from({ length: 1_000 }, () => ({ values: { 1: [0], 6: [0, 100_000] } })),
        }),
    ],
    [
      'more records than the file has',
      () => kf8({ ...body, change: (records) => records.at(-2)!.writeUInt32BE(0xffffff, 24) }),
    ],
    [
      'more entries than a record has',
      () => kf8({ ...body, change: (records) => records.at(-1)!.writeUInt32BE(0xffffffff, 24) }),
    ],
    [
      'entries behind the end of their record',
      () => kf8({ ...body, change: (records) => records.at(-1)!.writeUInt32BE(0xfffff0, 20) }),
    ],
    [
      'a table of tags behind the end',
      () => kf8({ ...body, change: (records) => records.at(-2)!.writeUInt32BE(0xfffff0, 4) }),
    ],
    [
      'a table with a million tags',
      () =>
        kf8({
          ...body,
          change: (records) => {
            const main = Buffer.concat([records.at(-2)!, Buffer.alloc(4_000_000, 1)])
            main.writeUInt32BE(4_000_000, 196)
            records[records.length - 2] = main
          },
        }),
    ],
    [
      'a first record of text behind the end',
      () => kf8({ ...body, change: (records) => records[0]!.writeUInt16BE(0xffff, 8) }),
    ],
    [
      'text that copies what is not there',
      () =>
        kf8({
          ...body,
          text: Buffer.from([0xbf, 0xff, 0xbf, 0xff]),
          change: (records) => records[0]!.writeUInt16BE(2, 0),
        }),
    ],
    [
      'a dictionary that is none',
      () =>
        kf8({
          ...body,
          change: (records) => {
            records[0]!.writeUInt16BE(17_480, 0)
            records[0]!.writeUInt32BE(0, 112)
            records[0]!.writeUInt32BE(3, 116)
          },
        }),
    ],
  ])('that tell of %s', async (_, build) => {
    await importOutcome(build(), 'azw3')
  })
})
