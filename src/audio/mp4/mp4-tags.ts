import { ascii, box, type Bytes, fullBox, u16, u32, utf8 } from './mp4-boxes.ts'

/** Tags of a chapter's file. */
export interface ChapterTags {
  /** Title of the chapter. */
  readonly title: string
  readonly novelTitle: string
  readonly author: string
  readonly narrator?: string
  /** From 1. */
  readonly number?: number
  /** Number of chapters in the novel. */
  readonly of?: number
  /** A year, or an ISO 8601 date. */
  readonly published?: string
  readonly cover?: { readonly mediaType: 'image/jpeg' | 'image/png'; readonly bytes: Uint8Array }
}

/** Types of values, from the QuickTime File Format's "Well-known types". */
const text = 1
const jpeg = 13
const png = 14
const integer = 21
const audiobook = 2

/** Tags of a novel's file. */
export interface BookTags {
  readonly title: string
  readonly author: string
  readonly narrator: string
  readonly published?: string
  readonly description?: string
  /** Describes the content, if the file is not the whole novel. */
  readonly comment?: string
  /** BCP 47. */
  readonly language: string
  readonly series?: { readonly name: string; readonly position?: string }
  /** Number of this file in a set. */
  readonly part?: { readonly number: number; readonly of: number }
  readonly cover?: ChapterTags['cover']
}

export function udta(tags: ChapterTags): Uint8Array {
  return box(
    'udta',
    itemList([
      textItem('©nam', tags.title),
      textItem('©alb', tags.novelTitle),
      textItem('©ART', tags.author),
      textItem('aART', tags.author),
      textItem('©wrt', tags.narrator), // audiobooks store the narrator as composer
      textItem('©day', tags.published),
      textItem('©gen', 'Audiobook'),
      textItem('©too', 'Nightjar'),
      tags.number === undefined ? undefined : item('trkn', 0, numberOf(tags.number, tags.of ?? 0)),
      item('stik', integer, [audiobook]),
      tags.cover && coverItem(tags.cover),
    ]),
  )
}

/** What the chapters of a novel have in common, with the size of their `udta` and the bytes of the title in it. */
let measured: { readonly common: string; readonly size: number; readonly titleBytes: number } | undefined

/** The length of `udta`: lists ask for it for thousands of chapters of a novel, which differ in title and number alone. */
export function udtaSize(tags: ChapterTags): number {
  const { title, number, cover, ...others } = tags
  if (title === '' || cover) return udta(tags).length
  const common = JSON.stringify([number === undefined, others])
  const titleBytes = Buffer.byteLength(title)
  if (measured?.common !== common) measured = { common, size: udta(tags).length, titleBytes }
  return measured.size - measured.titleBytes + titleBytes
}

/**
 * `udta` of a whole novel, with the keys that players read: the narrator as composer (all of them) and as `©nrt`
 * (Apple), the series as a movement (Apple) and under the names that audiobookshelf reads, which also has no other key
 * for the language. `more`: further boxes beside the list.
 */
export function bookUdta(tags: BookTags, ...more: readonly Uint8Array[]): Uint8Array {
  const { title, author, narrator, description, series, part } = tags
  const position = Number(series?.position)
  return box(
    'udta',
    itemList([
      textItem('©nam', part ? `${title} (part ${part.number} of ${part.of})` : title),
      textItem('©alb', title),
      textItem('©ART', author),
      textItem('aART', author),
      textItem('©wrt', narrator),
      textItem('©nrt', narrator),
      textItem('©day', tags.published),
      textItem('©gen', 'Audiobook'),
      textItem('©too', 'Nightjar'),
      textItem('©cmt', tags.comment),
      textItem('desc', description),
      textItem('ldes', description),
      textItem('©mvn', series?.name),
      Number.isInteger(position) && position > 0 && position < 65_536
        ? item('©mvi', integer, u16(position))
        : undefined,
      freeformItem('SERIES', series?.name),
      freeformItem('SERIES-PART', series?.position),
      freeformItem('LANGUAGE', tags.language),
      part && item('disk', 0, numberOf(part.number, part.of)),
      item('stik', integer, [audiobook]),
      item('pgap', integer, [1]), // gapless playback between files
      tags.cover && coverItem(tags.cover),
    ]),
    ...more,
  )
}

/** `meta` as iTunes writes it: a list of items with one value each. */
function itemList(items: readonly (Uint8Array | undefined)[]): Uint8Array {
  const handler = fullBox('hdlr', 0, 0, u32(0), ascii('mdirappl'), u32(0), u32(0), [0])
  return fullBox('meta', 0, 0, handler, box('ilst', ...items.filter((each) => each !== undefined)))
}

function textItem(name: string, value: string | undefined): Uint8Array | undefined {
  return value ? item(name, text, utf8(value)) : undefined
}

/** A free-form item (`----`) with its own name. */
function freeformItem(name: string, value: string | undefined): Uint8Array | undefined {
  if (!value) return undefined
  const mean = fullBox('mean', 0, 0, ascii('com.apple.iTunes'))
  return box('----', mean, fullBox('name', 0, 0, ascii(name)), data(text, utf8(value)))
}

function numberOf(number: number, of: number): number[] {
  return [...u16(0), ...u16(number), ...u16(of), ...u16(0)]
}

/** Adds a missing end marker to a JPEG, since readers warn about it. */
function coverItem({ mediaType, bytes }: NonNullable<ChapterTags['cover']>): Uint8Array {
  if (mediaType === 'image/png') return item('covr', png, bytes)
  const whole = bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9
  return item('covr', jpeg, whole ? bytes : Buffer.concat([bytes, Uint8Array.of(0xff, 0xd9)]))
}

function item(name: string, type: number, value: Bytes): Uint8Array {
  return box(name, data(type, value))
}

function data(type: number, value: Bytes): Uint8Array {
  return box('data', u32(type), u32(0), value)
}

/** ISO 639-1 and ISO 639-2/T of the languages that novels are written in and voices speak. */
const languageCodes =
  'af afr ar ara az aze be bel bg bul bn ben bs bos ca cat cs ces cy cym da dan de deu el ell en eng eo epo es spa et est eu eus fa fas fi fin fr fra ga gle gd gla gl glg gu guj he heb hi hin hr hrv hu hun hy hye ia ina id ind is isl it ita ja jpn ka kat kk kaz kl kal kn kan ko kor ku kur ky kir la lat lb ltz lt lit lv lav mi mri mk mkd ml mal mr mar ms msa mt mlt my mya nb nob ne nep nl nld nn nno no nor om orm or ori pa pan pl pol pt por qu que ro ron ru rus sd snd si sin sk slk sl slv sq sqi sr srp sv swe sw swa ta tam te tel th tha tk tuk tl tgl tn tsn tr tur tt tat ug uig uk ukr ur urd uz uzb vi vie yi yid zh zho zu zul'
const threeLetters = new Map(
  [...languageCodes.matchAll(/(\w+) (\w+)/g)].map(([, two = '', three = '']) => [two, three]),
)

/** ISO 639-2/T code of a BCP 47 tag: `zho` for `zh-Hant`; `und` if there is none. */
export function iso639Language(tag: string): string {
  const primary = tag.toLowerCase().split('-', 1)[0] ?? ''
  return threeLetters.get(primary) ?? (/^[a-z]{3}$/.test(primary) ? primary : 'und')
}

/** UTF-8 of at most so many bytes, truncated between two characters. */
export function truncateUtf8(title: string, mostBytes: number): Uint8Array {
  const bytes = Buffer.from(title)
  let end = Math.min(bytes.length, mostBytes)
  // A UTF-8 continuation byte is 10xxxxxx.
  while (end > 0 && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}
