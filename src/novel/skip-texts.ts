import type { Block, Skip, SkipReason } from './novel.ts'

/** What an engine cannot speak, and marks that are nothing when read alone. */
const marks = new Set<SkipReason>([
  'note-reference',
  'page-number',
  'ruby',
  'scene-break',
  'unspeakable',
  'line-hyphen',
])

/** The characters that a skip leaves out: of its block, or what the importer took out of it. */
export function skippedText(blocks: readonly Block[], { block, start, end, text = '' }: Skip): string {
  return start < end ? (blocks[block]?.text.slice(start, end) ?? '') : text
}

/** Whether a skipped text has words of its own that could be spoken. */
export function isRestorable(reason: SkipReason, text: string): boolean {
  return !marks.has(reason) && /[\p{L}\p{N}]/u.test(text)
}
