/** What a stretch of a chapter is, as far as speaking and reading need to know. */
export type BlockKind = 'heading' | 'paragraph' | 'verse' | 'scene-break'

/**
 * A paragraph-like piece of a chapter. `text` is NFC, without control characters, with `\n` only between the
 * lines of verse. All offsets in Nightjar are UTF-16 offsets into this text, and it never changes after import.
 */
export interface Block {
  readonly kind: BlockKind
  readonly text: string
  /** Where the book itself says how its characters are read aloud. In order, without overlap. */
  readonly readings?: readonly Reading[]
}

/** `[start, end)` of a block's text is shown as it stands there, and said as `said`: the kana of ruby. */
export interface Reading {
  readonly start: number
  readonly end: number
  readonly said: string
}

export const skipReasons = [
  'note-reference',
  'note',
  'page-number',
  'ruby',
  'scene-break',
  'unspeakable',
  'image',
  'table-of-contents',
  /** What a publisher or a library put around the book: header, licence, credits, transcriber's notes. */
  'frame',
  'title-page',
  /** Lines in which a site speaks for itself: addresses, counts, begging for votes. */
  'advertisement',
  /** “(End of this chapter)”, “to be continued”. */
  'end-mark',
  /** Signs of HTML or Markdown that are no text. */
  'markup',
  /** What a stylesheet does not show. */
  'hidden',
  /** A hyphen that parted a word at the end of a line. */
  'line-hyphen',
] as const
export type SkipReason = (typeof skipReasons)[number]

/**
 * Something of the source that is not spoken, and why. Either characters of a block (`start < end`), or something
 * that the importer took out of the block's text at that place (`start === end`, and `text` tells what it was).
 */
export interface Skip {
  /** Index of the block in its chapter. */
  readonly block: number
  readonly start: number
  readonly end: number
  readonly reason: SkipReason
  readonly text?: string
}

/** Which part of the book a chapter belongs to; only the body is narrated unless the listener says otherwise. */
export type Matter = 'front' | 'body' | 'back'

/** A chapter as the importer found it. Its number is its place in reading order, from 1. */
export interface Chapter {
  readonly title: string
  /** The titles of the parts it stands in, outermost first, joined by ` · `. */
  readonly part?: string
  readonly matter: Matter
  readonly blocks: readonly Block[]
  readonly skips: readonly Skip[]
}

/** How many UTF-16 units of text a chapter has. */
export function characterCount(chapter: Pick<Chapter, 'blocks'>): number {
  return chapter.blocks.reduce((sum, block) => sum + block.text.length, 0)
}

/** What made the importer cut the chapters where it did, strongest first. */
export type Evidence = 'nav' | 'ncx' | 'headings' | 'numbered-lines' | 'spine' | 'whole-text'

export interface Cover {
  readonly mediaType: 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp' | 'image/svg+xml'
  readonly bytes: Uint8Array
}

/** What an import found and left out, in figures that a user can check. */
export interface ImportReport {
  readonly format: 'epub' | 'text'
  readonly evidence: Evidence
  readonly chapters: number
  readonly characters: number
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>
  /** For text: how the bytes were read, e.g. `windows-1252`. */
  readonly encoding?: string
  /** Sentences for the user where the evidence is weak or something was left out, e.g. a licence frame. */
  readonly remarks: readonly string[]
}

/** A whole book as it comes out of its file. */
export interface ImportedNovel {
  readonly title: string
  readonly author: string
  /** BCP 47, lower-case primary subtag first: `en`, `en-GB`, `zh-Hant`, `vi`; `und` if nobody can tell. */
  readonly language: string
  readonly cover?: Cover
  readonly description?: string
  readonly published?: string
  readonly series?: { readonly name: string; readonly position?: string }
  readonly chapters: readonly Chapter[]
  readonly report: ImportReport
}
