import type { EditedChapter } from '../../novel/chapter-edit.ts'
import { Failure } from '../../novel/failure.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { NewEdit } from '../../storage/queries/chapter-edit-queries.ts'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import { ChapterStaging, stageChapters } from '../../storage/queries/rekey-queries.ts'
import { asEdited, type PreparedEdit } from './chapter-arrangement.ts'
import { type RereadCommand, type RereadContext, rereadNovel } from './reread-novel.ts'
import type { KeptChapter } from './reread-messages.ts'

/** An edit whose new texts are written down, where nobody sees them. */
export type StagedEdit = NewEdit

type NewChapter = Omit<EditedChapter, 'id'>

/** Writes down the new texts of an edit. */
export async function stageEdit(
  db: Database,
  novelId: string,
  { before, after, ...rest }: PreparedEdit,
): Promise<StagedEdit> {
  const texts = after.filter((chapter) => 'textHashes' in chapter)
  const staged = texts.length > 0 ? await stageChapters(db, novelId, texts) : undefined
  return {
    ...rest,
    ...(staged && { shadowId: staged.shadowId }),
    before: before.map(asEdited),
    after: withIds(
      after.map((chapter) => ('textHashes' in chapter ? headOf(chapter) : chapter)),
      staged?.chapterIds ?? [],
    ),
  }
}

/**
 * Reads a novel's file again and writes down the chapters that are others then, as they are read. Throws
 * `edit.impossible` if none is, and what reading throws.
 */
export async function stageReread(
  context: RereadContext,
  novel: NovelRow,
  chapters: readonly ChapterRow[],
  command: RereadCommand,
): Promise<StagedEdit> {
  const after: (EditedChapter | NewChapter)[] = []
  await using staging = await ChapterStaging.begin(context.db, novel.id)
  const wanted = { command, preview: false }
  const { runs, rule } = await rereadNovel(context, novel, chapters, wanted, async (batch) => {
    for (const chapter of batch)
      after.push('kept' in chapter ? keptChapter(chapters, chapter) : headOf(chapter))
    await staging.add(batch.filter((chapter) => 'textHashes' in chapter))
  })
  const before = chapters.map(asEdited)
  if (isSame(before, after))
    throw new Failure('edit.impossible', { detail: 'the file gives the chapters that are there already' })
  const { shadowId, chapterIds } = staging.finish()
  return {
    kind: command.kind,
    at: 1,
    before,
    after: withIds(after, chapterIds),
    runs,
    shadowId,
    headings: rule,
  }
}

function headOf({ title, part, narrated }: Omit<KeptChapter, 'kept'>): NewChapter {
  return { title, part: part ?? null, narrated }
}

function keptChapter(chapters: readonly ChapterRow[], chapter: KeptChapter): EditedChapter {
  return { id: chapters[chapter.kept]!.id, ...headOf(chapter) }
}

function withIds(chapters: readonly (EditedChapter | NewChapter)[], ids: readonly number[]): EditedChapter[] {
  const left = ids.values()
  return chapters.map((chapter) => ('id' in chapter ? chapter : { id: left.next().value!, ...chapter }))
}

function isSame(before: readonly EditedChapter[], after: readonly (EditedChapter | NewChapter)[]): boolean {
  return (
    before.length === after.length &&
    after.every((chapter, at) => {
      const { id, title, part, narrated } = before[at]!
      return (
        'id' in chapter &&
        chapter.id === id &&
        chapter.title === title &&
        chapter.part === part &&
        chapter.narrated === narrated
      )
    })
  )
}
