import type { ManifestItem, ReadingOrder, SpineItem } from '../epub-package.ts'

/** A document that a reader has made, or found. */
interface OrderedDocument {
  readonly file: string
  /** Outside of the main text, as notes are. */
  readonly linear?: boolean
  /** Nothing but a list of the others. */
  readonly nav?: boolean
}

/** The order of documents that are all of one type. */
export function orderOf(documents: readonly OrderedDocument[], mediaType: string): ReadingOrder {
  const spine = documents.map(({ file, linear = true, nav = false }): SpineItem & ManifestItem => ({
    id: file,
    file,
    mediaType,
    properties: nav ? ['nav'] : [],
    fallback: undefined,
    linear,
  }))
  return { manifest: new Map(spine.map((item) => [item.id, item])), spine }
}
