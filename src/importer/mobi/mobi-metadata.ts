import { imageTypes } from '../../novel/book-layout.ts'
import { languageTag } from '../book-language.ts'
import type { BookMetadata } from '../publication/book-metadata.ts'
import { imageTypeOfBytes } from '../publication/image-type.ts'
import type { FoundCover } from '../publication/publication.ts'
import { decodeDoublyEscaped, withoutMarkup } from '../title-text.ts'
import type { MobiHeaders } from './mobi-headers.ts'
import { type PalmDatabase, uint32 } from './palm-database.ts'

/** Types of EXTH records. */
const exth = { author: 100, description: 103, date: 106, cover: 201, title: 503, language: 524 } as const

/** Primary languages by Microsoft's numbers, the low byte of a locale. */
const languages: Readonly<Record<number, string>> = {
  1: 'ar',
  2: 'bg',
  3: 'ca',
  4: 'zh',
  5: 'cs',
  6: 'da',
  7: 'de',
  8: 'el',
  9: 'en',
  10: 'es',
  11: 'fi',
  12: 'fr',
  13: 'he',
  14: 'hu',
  16: 'it',
  17: 'ja',
  18: 'ko',
  19: 'nl',
  20: 'no',
  21: 'pl',
  22: 'pt',
  24: 'ro',
  25: 'ru',
  29: 'sv',
  30: 'th',
  31: 'tr',
  33: 'id',
  34: 'uk',
  42: 'vi',
  57: 'hi',
}

export function readMobiMetadata({ extra, encoding, title, locale }: MobiHeaders): BookMetadata {
  const decoder = new TextDecoder(encoding)
  const texts = (type: number): string[] =>
    (extra.get(type) ?? [])
      .map((bytes) => withoutMarkup(decodeDoublyEscaped(decoder.decode(bytes)).trim()))
      .filter((text) => text !== '')
  const [description] = texts(exth.description)
  const [published] = texts(exth.date)[0]?.split('T', 1) ?? []
  return {
    title: texts(exth.title)[0] ?? withoutMarkup(title),
    author: [...new Set(texts(exth.author))].join(', '),
    language: languageTag(texts(exth.language)[0] ?? languages[locale & 0xff] ?? ''),
    ...(description === undefined ? {} : { description }),
    // Calibre writes year 101 for "unknown".
    ...(published === undefined || published.startsWith('0101-') ? {} : { published }),
  }
}

export function mobiCover(database: PalmDatabase, { extra, resources }: MobiHeaders): FoundCover {
  const number = extra.get(exth.cover)?.[0]
  const offset = number === undefined ? 0xffffffff : uint32(number, 0)
  if (offset === 0xffffffff || resources + offset >= database.count) return { remarks: [] }
  const bytes = database.record(resources + offset)
  const type = imageTypeOfBytes(bytes)
  if (type === undefined)
    return { remarks: ['A cover was left out, because it is no image that browsers show.'] }
  return {
    cover: { mediaType: imageTypes[type], bytes: Uint8Array.from(bytes) },
    file: `image-${offset + 1}`,
    remarks: [],
  }
}
