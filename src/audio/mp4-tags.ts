import { ascii, box, fullBox, u16, u32, utf8 } from './mp4-boxes.ts'

/** What a player shows of a chapter's file. */
export interface ChapterTags {
  /** The chapter's. */
  readonly title: string
  readonly novelTitle: string
  readonly author: string
  readonly narrator?: string
  /** From 1. */
  readonly number?: number
  /** Of how many. */
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

/** `udta` as iTunes writes it: a list of items, each with one value. */
export function udta(tags: ChapterTags): Uint8Array {
  const items = [
    textItem('©nam', tags.title),
    textItem('©alb', tags.novelTitle),
    textItem('©ART', tags.author),
    textItem('aART', tags.author),
    textItem('©wrt', tags.narrator), // the composer's place is the narrator's in audiobooks
    textItem('©day', tags.published),
    textItem('©gen', 'Audiobook'),
    textItem('©too', 'Nightjar'),
    tags.number === undefined
      ? undefined
      : item('trkn', 0, [...u16(0), ...u16(tags.number), ...u16(tags.of ?? 0), ...u16(0)]),
    item('stik', integer, [audiobook]),
    tags.cover && item('covr', tags.cover.mediaType === 'image/png' ? png : jpeg, tags.cover.bytes),
  ]
  const handler = fullBox('hdlr', 0, 0, u32(0), ascii('mdirappl'), u32(0), u32(0), [0])
  return box(
    'udta',
    fullBox('meta', 0, 0, handler, box('ilst', ...items.filter((each) => each !== undefined))),
  )
}

function textItem(name: string, value: string | undefined): Uint8Array | undefined {
  return value ? item(name, text, utf8(value)) : undefined
}

function item(name: string, type: number, value: Uint8Array | readonly number[]): Uint8Array {
  return box(name, box('data', u32(type), u32(0), value))
}
