import type { LinkTarget } from '../link-target.ts'

/** A place in a book's contents. */
export interface MobiEntry {
  readonly title: string
  /** 0 for the outermost. */
  readonly level: number
  readonly target?: LinkTarget
}

/** What a book's text is made of. */
export interface MobiDocuments {
  readonly documents: readonly { readonly file: string; readonly markup: string; readonly nav?: boolean }[]
  readonly styles: readonly { readonly file: string; readonly css: string }[]
  /** In reading order. */
  readonly contents: readonly MobiEntry[]
  readonly mediaType: string
}
