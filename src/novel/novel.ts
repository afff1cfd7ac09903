import type { BlockContainer, BookImage, BookLink, TableCell } from './book-layout.ts'
import type { EntryOrigin, LexiconEntry } from './lexicon-entry.ts'
import type { SourceFormat } from './source-format.ts'

/** Kind of a block, as far as speech and display need it. */
export type BlockKind = 'heading' | 'paragraph' | 'verse' | 'scene-break'

/**
 * A paragraph-like part of a chapter. `text` is NFC, without control characters, with `\n` only between the lines of
 * verse. All offsets in Nightjar are UTF-16 offsets into this text, and it never changes after import.
 */
export interface Block {
  readonly kind: BlockKind
  readonly text: string
  /** Pronunciations given by the book itself. In order, without overlap. */
  readonly readings?: readonly Reading[]
  /** How the book sets parts of it, for display alone. Ordered by their start; one may enclose another. */
  readonly marks?: readonly Mark[]
  /** What it stands in, outermost first. */
  readonly within?: readonly BlockContainer[]
  /** By which links of the book find it, unique in the novel. */
  readonly anchor?: number
  /** BCP 47, if it is in another language than the novel. */
  readonly lang?: string
}

/** `[start, end)` of a block's text is set apart from what stands around it. */
export interface Mark {
  readonly start: number
  readonly end: number
  readonly kind: MarkKind
  /** Of a `link`. */
  readonly to?: BookLink
  /** Of a `cell`. */
  readonly cell?: TableCell
}

export const markKinds = [
  'em',
  'strong',
  'small-caps',
  'superscript',
  'subscript',
  'strike',
  'code',
  'link',
  'cell',
] as const
export type MarkKind = (typeof markKinds)[number]

/** `[start, end)` of a block's text is displayed as written and spoken as the book says: one of `said` and `ipa`. */
export interface Reading {
  readonly start: number
  readonly end: number
  /** The kana of ruby. */
  readonly said?: string
  /** The sounds of `ssml:ph`. */
  readonly ipa?: string
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
  /** Added by a publisher or library: header, licence, credits, transcriber's notes. */
  'frame',
  'title-page',
  /** A web site's own lines: addresses, counts, requests for votes. */
  'advertisement',
  /** “(End of this chapter)”, “to be continued”. */
  'end-mark',
  /** HTML or Markdown markup. */
  'markup',
  /** Hidden by a stylesheet. */
  'hidden',
  /** A hyphen that split a word at the end of a line. */
  'line-hyphen',
] as const
export type SkipReason = (typeof skipReasons)[number]

/**
 * Part of the source that is not spoken, with the reason: either characters of a block (`start < end`), or something
 * that the importer removed from the block's text at that place (`start === end`, and `text` describes it).
 */
export interface Skip {
  /** Index of the block in its chapter. */
  readonly block: number
  readonly start: number
  readonly end: number
  readonly reason: SkipReason
  readonly text?: string
  /** Of a note reference: the words of the note that it points to. */
  readonly note?: string
  /** Of an image: the image, if the book has it. */
  readonly image?: BookImage
}

/** Which part of the book a chapter belongs to; only the body is narrated unless the user chooses otherwise. */
export type Matter = 'front' | 'body' | 'back'

/** A chapter as imported. Its number is its place in reading order, from 1. */
export interface Chapter {
  readonly title: string
  /** Titles of the parts that contain it, outermost first, joined by ` · `. */
  readonly part?: string
  readonly matter: Matter
  readonly blocks: readonly Block[]
  readonly skips: readonly Skip[]
}

/** UTF-16 units of text in a chapter. */
export function characterCount(chapter: Pick<Chapter, 'blocks'>): number {
  return chapter.blocks.reduce((sum, block) => sum + block.text.length, 0)
}

/** What the chapter boundaries were derived from, strongest first. */
export type Evidence = 'nav' | 'ncx' | 'headings' | 'numbered-lines' | 'spine' | 'whole-text'

export interface Cover {
  readonly mediaType: 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp' | 'image/svg+xml'
  readonly bytes: Uint8Array
}

/** What an import found and omitted, in figures that a user can check. */
export interface ImportReport {
  readonly format: SourceFormat
  readonly evidence: Evidence
  readonly chapters: number
  readonly characters: number
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>
  /** For text files: the encoding detected, e.g. `windows-1252`. */
  readonly encoding?: string
  /** Sentences for the user where the evidence is weak or something was omitted, e.g. a licence frame. */
  readonly remarks: readonly string[]
}

/** An imported book. */
export interface ImportedNovel {
  readonly title: string
  readonly author: string
  /** BCP 47, lower-case primary subtag first: `en`, `en-GB`, `zh-Hant`, `vi`; `und` if unknown. */
  readonly language: string
  readonly cover?: Cover
  readonly description?: string
  readonly published?: string
  readonly series?: { readonly name: string; readonly position?: string }
  /** By which the book tells itself from others, and where it comes from: ISBN, UUID, addresses. */
  readonly identifiers?: readonly string[]
  /** How the book itself says words. */
  readonly lexicon?: readonly (LexiconEntry & EntryOrigin)[]
  readonly chapters: readonly Chapter[]
  readonly report: ImportReport
}
