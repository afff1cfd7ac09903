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
