import { sliceDraft, type BlockDraft } from './draft.ts'
import { isSceneBreak } from './scene-break.ts'

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
