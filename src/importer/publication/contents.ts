import type { LinkTarget } from '../link-target.ts'

/** An entry of the table of contents. Without a target it only groups its children. */
export interface ContentsEntry {
  readonly title: string
  readonly target?: LinkTarget
  readonly children: readonly ContentsEntry[]
}

/** Of a format that has no table of contents. */
export const noContents: Contents = { evidence: undefined, entries: [], landmarks: [] }

export interface Contents {
  /** Undefined if the book has no table of contents, or an empty one. */
  readonly evidence: 'nav' | 'ncx' | undefined
  readonly entries: readonly ContentsEntry[]
  /** The semantic types that landmarks (EPUB 3) and guide (EPUB 2) assign to places in the book. */
  readonly landmarks: readonly { readonly type: string; readonly target: LinkTarget }[]
}
