import { alignTexts, gapsBetween } from '../../../novel/text-alignment.ts'
import type { SegmentedText } from '../../../segmenter/restored-segments.ts'
import { sentencesOf, TextNumbers } from './sentences.ts'
import type { SentenceChange } from './version-messages.ts'

/** Shown of a chapter at most; who wants to read more reads the book. */
const [mostChanges, mostCharacters] = [200, 40_000]

/** Where the sentences of two versions of a chapter differ, in order. */
export function sentenceChanges(
  old: SegmentedText,
  fresh: SegmentedText,
): {
  readonly changes: readonly SentenceChange[]
  readonly moreChanges: number
  readonly newSentences: number
} {
  const [before, after] = [old, fresh].map(({ blocks, segments }) =>
    sentencesOf(blocks, segments).map(({ text }) => text),
  ) as [string[], string[]]
  const numbers = new TextNumbers()
  const runs = alignTexts(
    before.map((text) => numbers.of(text)),
    after.map((text) => numbers.of(text)),
  )
  const gaps = gapsBetween(runs, { before: before.length, after: after.length })
  const there = new Set(before)
  const changes: SentenceChange[] = []
  let characters = 0
  for (const { from, fromEnd, to, toEnd } of gaps) {
    const change = { before: before.slice(from, fromEnd), after: after.slice(to, toEnd) }
    characters += [...change.before, ...change.after].reduce((sum, { length }) => sum + length, 0)
    if (changes.length === mostChanges || characters > mostCharacters) break
    changes.push(change)
  }
  return {
    changes,
    moreChanges: gaps.length - changes.length,
    newSentences: after.filter((text) => !there.has(text)).length,
  }
}
