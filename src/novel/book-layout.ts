/** What a list's items are counted with; absent: they are not counted. */
export const listNumberings = ['decimal', 'lower-alpha', 'upper-alpha', 'lower-roman', 'upper-roman'] as const
export type ListNumbering = (typeof listNumberings)[number]

/**
 * What a block stands in. Neighbouring blocks with the same `id` stand in the same list, glossary, quotation or table; ids are
 * unique in a novel.
 */
export type BlockContainer =
  | {
      readonly kind: 'list'
      readonly id: number
      /** Index of the item; its blocks have the same. */
      readonly item: number
      readonly numbering?: ListNumbering
      /** Of a counted item. */
      readonly number?: number
    }
  | {
      readonly kind: 'definitions'
      readonly id: number
      /** Index among the terms and definitions of the list; the blocks of one have the same. */
      readonly item: number
      /** Whether it is what is defined. */
      readonly term?: true
    }
  | { readonly kind: 'quote'; readonly id: number }
  | { readonly kind: 'table'; readonly id: number; readonly row: number }

/** A cell of a table's row: `[start, end)` of the block, which is all of it or one of several cells. */
export interface TableCell {
  /** From 0, with those of cells that span several. */
  readonly column: number
  readonly header?: true
  /** Columns and rows that it spans, if several. */
  readonly columns?: number
  readonly rows?: number
}

/** Where a link of the book leads to: another block, by its `anchor`, or an address of the web. */
export type BookLink =
  | {
      readonly anchor: number
      /** The chapter that had the anchor when the book was read. */
      readonly chapter: number
    }
  | { readonly href: string }

export const imageTypes = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
} as const
export type ImageType = keyof typeof imageTypes

/** An image of the book, which lies in the novel's source file as the zip has it. */
export interface BookImage {
  /** Tells its content: `9ab1c203-10244.jpg`. */
  readonly name: string
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** Its packed bytes are `[start, start + packedBytes)` of the source. */
  readonly start: number
  readonly packedBytes: number
  /** Bytes of the image itself. */
  readonly bytes: number
  readonly deflated: boolean
}

/** The media type of an image, by its name; `undefined` for what is no image's name. */
export function imageTypeOf(name: string): string | undefined {
  const ending = /^[0-9a-f]{8}-\d{1,9}\.([a-z]{3,4})$/.exec(name)?.[1]
  return ending !== undefined && Object.hasOwn(imageTypes, ending)
    ? imageTypes[ending as ImageType]
    : undefined
}
