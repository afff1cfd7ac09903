import type { ImportReport } from './novel.ts'

/** By what the chapters of a plain text are found. */
export type HeadingRule =
  /** What the importer takes to be best. */
  | { readonly kind: 'automatic' }
  /** Lines with a heading word: “Chapter 4”, “第四章”. */
  | { readonly kind: 'words' }
  /** Lines that are only a number, or begin with one and count up. */
  | { readonly kind: 'numbers' }
  /** Short lines in capitals, alone between blank lines. */
  | { readonly kind: 'capitals' }
  /** Of a Markdown text: headings of this level; those above are parts. */
  | { readonly kind: 'level'; readonly level: number }
  /** No headings: one chapter, or several where it would be too long to be opened. */
  | { readonly kind: 'none' }
  /** No headings: chapters of about this many characters, between paragraphs. */
  | { readonly kind: 'length'; readonly characters: number }
  /** Lines that answer to a pattern (see `heading-pattern.ts`), and parts to another. */
  | { readonly kind: 'pattern'; readonly pattern: string; readonly part?: string | undefined }

export const automaticRule: HeadingRule = { kind: 'automatic' }

/** Whether the chapters of a book can be found by a rule: others say themselves where they begin. */
export function hasHeadingRules({
  report: { format },
}: {
  readonly report: Pick<ImportReport, 'format'>
}): boolean {
  return format === 'text' || format === 'markdown'
}

/** Characters of a chapter that is cut by length: from five minutes of speech to five hours. */
export const chapterLengths = { least: 5_000, most: 240_000, usual: 20_000 } as const

/** Longer patterns are refused. */
export const longestPattern = 200
