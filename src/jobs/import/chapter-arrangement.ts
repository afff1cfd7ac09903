import type { ChapterEditKind, ChaptersEdit, EditedChapter } from '../../novel/chapter-edit.ts'
import { Failure } from '../../novel/failure.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'

/** An edit that is prepared: new texts belong to no chapter yet. */
export interface PreparedEdit extends Pick<ChaptersEdit, 'at' | 'runs'> {
  readonly kind: ChapterEditKind
  readonly before: readonly ChapterRow[]
  /** A chapter that stays, perhaps with other fields, or a new one. */
  readonly after: readonly (EditedChapter | StoredChapter)[]
}

/** Edits that leave every text as it is. */
export type ChapterArrangement =
  | { readonly kind: 'rename'; readonly chapterNumber: number; readonly title: string }
  /** Chapters that belong to a part of the book, or to none. */
  | { readonly kind: 'part'; readonly first: number; readonly last: number; readonly part: string | null }
  /** The first has the number `to` afterwards. */
  | { readonly kind: 'move'; readonly first: number; readonly last: number; readonly to: number }
  | { readonly kind: 'narrate'; readonly chapterNumbers: readonly number[]; readonly narrated: boolean }

/** What an edit makes of the chapters. Throws `chapter.unknown`, `edit.impossible`. */
export function arranged(chapters: readonly ChapterRow[], command: ChapterArrangement): PreparedEdit {
  const { kind } = command
  if (kind === 'rename')
    return replaced(chapters, kind, [command.chapterNumber], (chapter) => ({
      ...chapter,
      title: command.title,
    }))
  if (kind === 'part')
    return replaced(chapters, kind, [command.first, command.last], (chapter) => ({
      ...chapter,
      part: command.part,
    }))
  if (kind === 'narrate') {
    const wanted = new Set(command.chapterNumbers)
    return replaced(chapters, kind, command.chapterNumbers, (chapter, row) => {
      if (!wanted.has(row.number)) return chapter
      return { ...chapter, narrated: command.narrated && row.segmentCount > 0 }
    })
  }
  return moved(chapters, command)
}

function replaced(
  chapters: readonly ChapterRow[],
  kind: PreparedEdit['kind'],
  numbers: readonly number[],
  change: (chapter: EditedChapter, row: ChapterRow) => EditedChapter,
): PreparedEdit {
  const before = between(chapters, Math.min(...numbers), Math.max(...numbers))
  for (const number of numbers) between(chapters, number, number)
  const after = before.map((row) => change(asEdited(row), row))
  return { kind, at: before[0]!.number, before, after, runs: [] }
}

function moved(
  chapters: readonly ChapterRow[],
  { kind, first, last, to }: ChapterArrangement & { readonly kind: 'move' },
): PreparedEdit {
  const taken = between(chapters, first, last)
  if (to < 1 || to + taken.length - 1 > chapters.length || to === first)
    throw new Failure('edit.impossible', { detail: 'the chapters would not be anywhere else' })
  const [from, until] = [Math.min(first, to), Math.max(last, to + taken.length - 1)]
  const before = between(chapters, from, until)
  const others = before.filter((chapter) => !taken.includes(chapter))
  const after = others.toSpliced(to - from, 0, ...taken).map(asEdited)
  return { kind, at: from, before, after, runs: [] }
}

/** Throws `chapter.unknown` unless both are there. */
function between(chapters: readonly ChapterRow[], first: number, last: number): readonly ChapterRow[] {
  for (const chapterNumber of [first, last])
    if (chapterNumber < 1 || chapterNumber > chapters.length || last < first)
      throw new Failure('chapter.unknown', { chapterNumber, chapterCount: chapters.length })
  return chapters.slice(first - 1, last)
}

export function asEdited({ id, title, part, narrated }: ChapterRow): EditedChapter {
  return { id, title, part, narrated: narrated === 1 }
}
