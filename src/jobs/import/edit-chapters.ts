import { placeAfterEdit } from '../../novel/chapter-edit.ts'
import { Failure } from '../../novel/failure.ts'
import type { SkipReason } from '../../novel/novel.ts'
import type { SegmentRun } from '../../novel/segment-runs.ts'
import { isRestorable, skippedText } from '../../novel/skip-texts.ts'
import { withLock } from '../../storage/lock.ts'
import { type CommittedEdit, commitEdit, revertEdit } from '../../storage/queries/chapter-edit-queries.ts'
import {
  type ChapterRow,
  chaptersOf,
  chapterText,
  storedChapterText,
} from '../../storage/queries/chapter-queries.ts'
import { hideNovel } from '../../storage/queries/deletion-queries.ts'
import { bookLexicon } from '../../storage/queries/lexicon-queries.ts'
import { type NovelRow } from '../../storage/queries/novel-queries.ts'
import type { Application } from '../application.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import { type ChapterToEdit, editTextsInWorker, type TextEdit } from './chapter-editor.ts'
import { arranged, asEdited, type ChapterArrangement, type PreparedEdit } from './chapter-arrangement.ts'
import type { RereadCommand } from './reread-novel.ts'
import { stageEdit, type StagedEdit, stageReread } from './staged-edit.ts'
import { requireNovel } from '../require-novel.ts'

export type EditContext = Pick<
  Application,
  | 'db'
  | 'deletions'
  | 'dispatcher'
  | 'eventBus'
  | 'folder'
  | 'lexicons'
  | 'lock'
  | 'objects'
  | 'playbackPriorities'
  | 'transcodeCache'
>

/** What may be done to the chapters of a novel. Numbers are those before it. */
export type ChapterCommand =
  | ChapterArrangement
  /** With those behind it up to the last; without one, with the next. */
  | { readonly kind: 'merge'; readonly chapterNumber: number; readonly last?: number | undefined }
  /** The second begins with a block. */
  | {
      readonly kind: 'split'
      readonly chapterNumber: number
      readonly block: number
      readonly title?: string | undefined
    }
  | {
      readonly kind: 'restore'
      /** Left out: all of the reason. */
      readonly skips?: readonly SkipPlace[] | undefined
      readonly reason?: SkipReason | undefined
    }

/** `chapterId`: of the chapter in which the index was seen; its skips may be others by now. */
interface SkipPlace {
  readonly chapterNumber: number
  readonly index: number
  readonly chapterId?: number
}

/** What changes texts. */
type TextCommand = Exclude<ChapterCommand, ChapterArrangement | { readonly kind: 'restore' }> | RestoreSkips

interface RestoreSkips {
  readonly kind: 'restore'
  readonly skips: readonly SkipPlace[]
}

/** Chapters that change meanwhile make it begin again; nobody edits them this often. */
const maxAttempts = 5

/**
 * Does one edit, durably: all of it or nothing. Generations of the chapters, finished ones too, go on with the new ones
 * and speak only what changed. Throws `novel.unknown`, `chapter.unknown`, `edit.impossible`, `skip.unknown`, and what
 * reading the file again throws.
 */
export async function editChapters(
  context: EditContext,
  novelId: string,
  command: ChapterCommand | RereadCommand,
): Promise<CommittedEdit['edit']> {
  const { db, deletions } = context
  return withLock(context.lock, `novel:${novelId}`, async () => {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const novel = await requireNovel({ db }, novelId)
      const chapters = await chaptersOf(db, novelId)
      try {
        const staged = isReread(command)
          ? await stageReread(context, novel, chapters, command)
          : await stageEdit(db, novelId, await prepareEdit(context, novel, chapters, command))
        const committed = await commitStaged(context, novelId, staged)
        if (committed) {
          await publishEdit(context, novelId, committed)
          return committed.edit
        }
      } finally {
        deletions.work()
      }
    }
    throw new Error(`the chapters of novel ${novelId} changed each time that they were edited`)
  })
}

/** Takes the last edit back, or does it again. Throws `novel.unknown`, `edit.nothing`, `edit.outdated`. */
export async function revertChapters(
  context: EditContext,
  novelId: string,
  direction: 'undo' | 'redo',
): Promise<CommittedEdit['edit']> {
  const { db, dispatcher } = context
  return withLock(context.lock, `novel:${novelId}`, async () => {
    await requireNovel({ db }, novelId)
    const reverted = await revertEdit(db, novelId, direction, (commit, ids) => dispatcher.plan(ids, commit))
    if (reverted === 'nothing')
      throw new Failure('edit.nothing', { verb: direction === 'undo' ? 'undone' : 'done again' })
    if (reverted === 'outdated') throw new Failure('edit.outdated')
    await publishEdit(context, novelId, reverted)
    await context.lexicons.resume(novelId)
    return reverted.edit
  })
}

export function isReread(command: ChapterCommand | RereadCommand): command is RereadCommand {
  return command.kind === 'headings' || command.kind === 'reread'
}

/** What an edit would make of the chapters; nothing is stored. */
export async function prepareEdit(
  { db, folder }: Pick<EditContext, 'db' | 'folder'>,
  novel: NovelRow,
  chapters: readonly ChapterRow[],
  command: ChapterCommand,
): Promise<PreparedEdit> {
  if (command.kind !== 'merge' && command.kind !== 'split' && command.kind !== 'restore')
    return arranged(chapters, command)
  if (command.kind === 'restore' && (command.skips === undefined) === (command.reason === undefined))
    throw new Failure('request.senseless', { detail: 'name skips or a reason' })
  return editedTexts(
    { db, folder },
    novel,
    chapters,
    command.kind === 'restore'
      ? { kind: 'restore', skips: command.skips ?? (await skipsOfReason(db, chapters, command.reason)) }
      : command,
  )
}

async function editedTexts(
  { db, folder }: Pick<EditContext, 'db' | 'folder'>,
  novel: NovelRow,
  chapters: readonly ChapterRow[],
  command: TextCommand,
): Promise<PreparedEdit> {
  const before = touchedBy(chapters, command)
  const edit = textEdit(command, before)
  // Those in between stay as they are.
  const touched = before.filter((_, at) => edit.kind !== 'restore' || edit.skips[at]!.length > 0)
  const loaded = await Promise.all(
    touched.map(async ({ id, title, part, matter }): Promise<ChapterToEdit> => {
      const text = await storedChapterText(db, id)
      if (!text) throw new Failure('edit.outdated')
      return { title, part, matter, text }
    }),
  )
  const edited = await editTextsInWorker({
    chapters: loaded,
    edit: edit.kind === 'restore' ? { ...edit, skips: edit.skips.filter(({ length }) => length > 0) } : edit,
    lexicon: await bookLexicon(db, novel),
    wordList: folder.wordList,
  })
  if (!edited) {
    if (command.kind === 'restore') throw new Failure('skip.unknown', { index: command.skips[0]?.index ?? 0 })
    throw new Failure('edit.impossible', { detail: 'there is no such paragraph, or it is the first one' })
  }
  const { kind } = command
  const at = before[0]!.number
  if (kind !== 'restore') {
    const narrated = before.some((chapter) => chapter.narrated === 1)
    const after = edited.chapters.map((chapter) => ({
      ...chapter,
      narrated: narrated && chapter.textHashes.length > 0,
    }))
    return { kind, at, before, after, runs: edited.runs }
  }
  const written = new Map(touched.map((row, nth) => [row.id, edited.chapters[nth]]))
  const after = before.map((row) => {
    const text = written.get(row.id)
    return text ? { ...text, narrated: row.narrated === 1 } : asEdited(row)
  })
  const places = touched.map((row) => before.indexOf(row))
  const runs = edited.runs.map(([from, first, to, into, length]): SegmentRun => [
    places[from]!,
    first,
    places[to]!,
    into,
    length,
  ])
  return { kind, at, before, after, runs }
}

/** The skips of a novel for a reason that have something to speak. Throws `skip.unknown` if there is none. */
async function skipsOfReason(
  db: EditContext['db'],
  chapters: readonly ChapterRow[],
  reason: SkipReason | undefined,
): Promise<SkipPlace[]> {
  const found: SkipPlace[] = []
  for (const { id, number } of chapters) {
    const { blocks, skips } = await chapterText(db, id)
    for (const [index, skip] of skips.entries())
      if (skip.reason === reason && isRestorable(reason, skippedText(blocks, skip)))
        found.push({ chapterNumber: number, index, chapterId: id })
    await yieldToEventLoop()
  }
  if (found.length === 0) throw new Failure('skip.unknown', { index: 0 })
  return found
}

/** The chapters that a command changes the text of, next to each other. */
function touchedBy(chapters: readonly ChapterRow[], command: TextCommand): readonly ChapterRow[] {
  const numbers =
    command.kind === 'restore' ? command.skips.map((skip) => skip.chapterNumber) : [command.chapterNumber]
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)]
  for (const chapterNumber of [first, last])
    if (!chapters.some(({ number }) => number === chapterNumber))
      throw new Failure('chapter.unknown', { chapterNumber, chapterCount: chapters.length })
  if (command.kind === 'restore')
    for (const { chapterId, chapterNumber, index } of command.skips)
      if (chapterId !== undefined && chapters[chapterNumber - 1]?.id !== chapterId)
        throw new Failure('skip.unknown', { index })
  const until = command.kind === 'merge' ? (command.last ?? last + 1) : last
  if (until > chapters.length || (command.kind === 'merge' && until <= first))
    throw new Failure('edit.impossible', { detail: 'a chapter is merged with one behind it' })
  return chapters.filter(({ number }) => number >= first && number <= until)
}

function textEdit(command: TextCommand, before: readonly ChapterRow[]): TextEdit {
  if (command.kind === 'merge') return { kind: 'merge' }
  if (command.kind === 'split') return { kind: 'split', block: command.block, title: command.title }
  const byChapter = Map.groupBy(command.skips, ({ chapterNumber }) => chapterNumber)
  return {
    kind: 'restore',
    skips: before.map(({ number }) => byChapter.get(number)?.map(({ index }) => index) ?? []),
  }
}

async function commitStaged(
  { db, dispatcher }: EditContext,
  novelId: string,
  staged: StagedEdit,
): Promise<CommittedEdit | undefined> {
  const committed = await commitEdit(db, novelId, staged, (commit, generationIds) =>
    dispatcher.plan(generationIds, commit),
  )
  if (!committed && staged.shadowId !== undefined) await hideNovel(db, staged.shadowId)
  return committed
}

/** Tells everybody of an edit that is committed. */
export async function publishEdit(
  { dispatcher, eventBus, playbackPriorities, transcodeCache }: EditContext,
  novelId: string,
  { edit, generationIds, transcodeKeys }: CommittedEdit,
): Promise<void> {
  for (const key of transcodeKeys) await transcodeCache.discard(key)
  const moved = playbackPriorities.move(novelId, (place) => placeAfterEdit(edit, place))
  if (moved) eventBus.publish({ kind: 'playback', novelId, ...moved })
  await dispatcher.refresh({ chapters: true })
  eventBus.publish({ kind: 'novel', id: novelId })
  for (const id of generationIds) eventBus.publish({ kind: 'generation', id })
}
