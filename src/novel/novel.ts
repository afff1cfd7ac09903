import type { Chapter } from './chapter.ts'
import type { SkipReason } from './block.ts'

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
