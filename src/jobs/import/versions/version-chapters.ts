import type { EditedChapter } from '../../../novel/chapter-edit.ts'
import type { namesByHand } from '../../../storage/queries/edit-history-queries.ts'
import type { ComparedChapterRow } from './version-comparison.ts'

export type NamesByHand = Awaited<ReturnType<typeof namesByHand>>

/** What a chapter is called, and whether it is narrated: as somebody has said, else as the version has it. */
export function chapterAsItWillBe(
  { old, fresh, unit }: ComparedChapterRow,
  { titles, parts }: NamesByHand,
): Omit<EditedChapter, 'id'> {
  const speaks = (unit?.sentences ?? old?.segmentCount ?? 0) > 0
  const isNarrated = fresh.matter === 'body'
  if (!old) return { title: fresh.title, part: fresh.part, narrated: isNarrated && speaks }
  const [piece, ...others] = unit?.pieces ?? []
  // Of parts of several chapters the title is that of the chapter which they are here.
  const isDivided = unit !== undefined && (others.length > 0 || piece!.start > 0)
  return {
    title: titles.has(old.title) || isDivided || fresh.title === '' ? old.title : fresh.title,
    part: parts || isDivided ? old.part : fresh.part,
    // One that had nothing to speak could not be narrated.
    narrated: speaks && (old.segmentCount === 0 ? isNarrated : old.narrated === 1),
  }
}
