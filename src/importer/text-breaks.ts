import { type BlockDraft, sliceDraft } from './block-draft.ts'

/** `* * *`, `***`, ⁂, `~~~`, `#`, `◇◇◇`, three or more dashes: lines that only stand between two scenes. */
const ornaments = /^(?:[*⁂✱✳❊★☆◆◇◊■□▪●○•·~∼〜♦♢❖❧☙§#＊※＃═─━_=+\s\-–—−]){1,40}$/u
const dashes = /^[\s\-–—−_=─━]+$/u

/** What ornaments with letters are made of: `oOo`, `x x x`, `~o~O~o~`. */
const letterOrnaments = /^(?=.*[oOxX])[oO0xX*~∼〜•·=_\-–—+\s]{3,40}$/u
/** `xxx` may be kisses, `XXX` thirty and `Ooo` a cry: letters side by side change their height. */
const changing = /^(?:oO+o(?:O+o)*|OoO|o0o|xXx|XxX)$/

/** Whether a whole block or line is nothing but the mark of a scene break. A dash alone is speech cut off, and stays text. */
export function isSceneBreak(text: string): boolean {
  if (letterOrnaments.test(text)) return partsByLetters(text)
  if (!ornaments.test(text)) return false
  const marks = text.replaceAll(/\s/g, '').length
  return marks > 0 && (!dashes.test(text) || marks >= 3)
}

/** One ornament of letters, or three single letters with something between. */
function partsByLetters(text: string): boolean {
  const runs = text.split(/[^oO0xX]+/).filter((run) => run !== '')
  return runs.length < 3
    ? runs.every((run) => changing.test(run))
    : runs.every((run) => run.length === 1 || changing.test(run))
}

/** What `br` means in prose: two make a new paragraph, short lines are verse, long ones paragraphs, all else a space. */
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

/** A verse whose blank lines part its stanzas. */
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
