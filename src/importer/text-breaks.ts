import { type BlockDraft, sliceDraft } from './block-draft.ts'

/** Lines that separate two scenes: `* * *`, `***`, ⁂, `~~~`, `#`, `◇◇◇`, three or more dashes. */
const ornaments = /^(?:[*⁂✱✳❊★☆◆◇◊■□▪●○•·~∼〜♦♢❖❧☙§#＊※＃═─━_=+\s\-–—−]){1,40}$/u
const dashes = /^[\s\-–—−_=─━]+$/u

/** Characters of ornaments made of letters: `oOo`, `x x x`, `~o~O~o~`. */
const letterOrnaments = /^(?=.*[oOxX])[oO0xX*~∼〜•·=_\-–—+\s]{3,40}$/u
/** Adjacent letters must alternate in case: `xxx` may be kisses, `XXX` thirty and `Ooo` a cry. */
const changing = /^(?:oO+o(?:O+o)*|OoO|o0o|xXx|XxX)$/

/** Whether a block or line consists only of a scene break mark. A single dash is interrupted speech and stays text. */
export function isSceneBreak(text: string): boolean {
  if (letterOrnaments.test(text)) return isLetterOrnament(text)
  if (!ornaments.test(text)) return false
  const marks = text.replaceAll(/\s/g, '').length
  return marks > 0 && (!dashes.test(text) || marks >= 3)
}

/** Whether it is one ornament of letters, or three single letters with separators. */
function isLetterOrnament(text: string): boolean {
  const runs = text.split(/[^oO0xX]+/).filter((run) => run !== '')
  return runs.length < 3
    ? runs.every((run) => changing.test(run))
    : runs.every((run) => run.length === 1 || changing.test(run))
}

/**
 * Resolves `br` in prose: two begin a new paragraph, short lines are verse, long ones paragraphs; others become a
 * space.
 */
export function resolveLineBreaks(draft: BlockDraft): BlockDraft[] {
  if (!draft.text.includes('\n'))
    return [isSceneBreak(draft.text) && draft.level === 0 ? asSceneBreak(draft) : draft]
  if (draft.kind === 'heading') return [withSpaces(draft)]
  return splitAt(draft, /\n{2,}/g).flatMap((part) => {
    if (isSceneBreak(part.text)) return [asSceneBreak(part)]
    const lengths = part.text.split('\n').map((line) => line.length)
    if (lengths.length < 3) return [withSpaces(part)]
    if (lengths.every((length) => length <= 60)) return [Object.assign(part, { kind: 'verse' } as const)]
    const cjk = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(part.text)
    const median = lengths.toSorted((a, b) => a - b)[lengths.length >> 1] as number
    return median >= (cjk ? 15 : 40) ? splitAt(part, /\n/g) : [withSpaces(part)]
  })
}

/** Splits verse into stanzas at blank lines. */
export function splitStanzas(draft: BlockDraft): BlockDraft[] {
  return splitAt(draft, /\n{2,}/g).map((part) => (isSceneBreak(part.text) ? asSceneBreak(part) : part))
}

function asSceneBreak(draft: BlockDraft): BlockDraft {
  return Object.assign(draft, { kind: 'scene-break' })
}

function withSpaces(draft: BlockDraft): BlockDraft {
  draft.text = draft.text.replaceAll('\n', ' ')
  return draft
}

function splitAt(draft: BlockDraft, separator: RegExp): BlockDraft[] {
  if (!draft.text.includes('\n')) return [draft]
  const ranges: { start: number; end: number }[] = []
  let start = 0
  for (const match of draft.text.matchAll(separator)) {
    ranges.push({ start, end: match.index })
    start = match.index + match[0].length
  }
  return ranges.length === 0 ? [draft] : sliceDraft(draft, [...ranges, { start, end: draft.text.length }])
}
