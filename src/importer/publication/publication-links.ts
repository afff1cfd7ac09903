import type { Chapter, Mark } from '../../novel/novel.ts'
import type { BlockDraft, Link } from '../block-draft.ts'
import type { SpineStream } from './spine-stream.ts'

/** Links of a block that are kept: more are an index. */
const mostLinks = 500

/** Keeps links into the book, which are no note references, as marks of their block. */
export function keepLinks(stream: SpineStream, draft: BlockDraft, links: readonly Link[]): void {
  for (const { start, end, target } of links.slice(0, mostLinks)) {
    const index = stream.position(target)
    const to = index === undefined ? undefined : stream.drafts[index]
    if (to === undefined || to === draft) continue
    const at = draft.marks.findLastIndex((mark) => mark.start < start) + 1
    draft.marks.splice(at, 0, { start, end, kind: 'link', target: to })
  }
}

/** Numbers the blocks that links lead to. Called once it is known which blocks the book has. */
export function numberAnchors(drafts: readonly BlockDraft[]): void {
  let count = 0
  for (const draft of drafts)
    draft.marks = draft.marks.map(({ target, ...mark }) => {
      if (target === undefined) return mark
      target.anchor ??= ++count
      return { ...mark, to: { anchor: target.anchor, chapter: 0 } }
    })
}

/** Tells each link the chapter that it leads to. A link to a block that the book left out is none. */
export function settleLinks(chapters: readonly Chapter[]): readonly Chapter[] {
  const chapterOf = new Map<number, number>()
  chapters.forEach(({ blocks }, index) => {
    for (const { anchor } of blocks) if (anchor !== undefined) chapterOf.set(anchor, index + 1)
  })
  const settle = (mark: Mark): readonly Mark[] => {
    if (mark.to === undefined || 'href' in mark.to) return [mark]
    const chapter = chapterOf.get(mark.to.anchor)
    return chapter === undefined ? [] : [{ ...mark, to: { ...mark.to, chapter } }]
  }
  return chapters.map((chapter) => ({
    ...chapter,
    blocks: chapter.blocks.map(({ marks, ...block }) => {
      const settled = marks?.flatMap(settle)
      return settled === undefined || settled.length === 0 ? block : { ...block, marks: settled }
    }),
  }))
}
