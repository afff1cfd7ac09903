import type { SegmentsChange } from '../../novel/segment.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'
import type { Database } from '../../storage/database-tables.ts'
import { withLock } from '../../storage/lock.ts'
import { type ChapterRow, chaptersOf, storedChapterText } from '../../storage/queries/chapter-queries.ts'
import {
  type CommittedRekey,
  commitRekey,
  type RekeyedChapter,
  stageRekey,
} from '../../storage/queries/rekey-queries.ts'
import type { Application } from '../application.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import { requireNovel } from '../require-novel.ts'

type RekeyContext = Pick<
  Application,
  'db' | 'deletions' | 'dispatcher' | 'eventBus' | 'lock' | 'transcodeCache'
>

/** A chapter's text as it is stored: JSON. */
type StoredText = NonNullable<Awaited<ReturnType<typeof storedChapterText>>>

/** What takes a chapter's place; without `change` it has as many segments as before. */
interface RewrittenChapter {
  readonly text: StoredChapter
  readonly change?: SegmentsChange
}

/** The new text of a chapter; `undefined`: it stays as it is. */
export type RewriteChapter = (
  chapter: ChapterRow,
  text: StoredText,
) => Promise<RewrittenChapter | undefined> | RewrittenChapter | undefined

/** A chapter that is replaced meanwhile makes it begin again; nobody restores skipped text this often. */
const maxAttempts = 5

/**
 * Gives the chapters of a novel new texts or roles, all at once: whoever reads the novel sees all of the old or all of
 * the new ones, also after a crash. Chapters that change get new ids; what was heard and positions stay. Generations of
 * them, finished ones too, go on and speak only what they lack: segments whose text and role are as before keep their
 * clips. Returns how many chapters changed. Throws `novel.unknown`, what `rewrite` throws, and the signal's reason.
 *
 * Pronunciations and characters are made of it; so far only tests call it. Chapters are edited by `edit-chapters.ts`.
 */
export async function rekeyNovel(
  context: RekeyContext,
  novelId: string,
  rewrite: RewriteChapter,
  signal?: AbortSignal,
): Promise<number> {
  // Two at once would each find the other's chapters changed.
  return withLock(
    context.lock,
    `novel:${novelId}`,
    () => rekeyLocked(context, novelId, rewrite, signal),
    signal,
  )
}

async function rekeyLocked(
  context: RekeyContext,
  novelId: string,
  rewrite: RewriteChapter,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { db, deletions } = context
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    await requireNovel({ db }, novelId)
    try {
      const staged = await stageRekey(db, novelId, rewrittenChapters(db, novelId, rewrite, signal))
      if (!staged) return 0
      const committed = await commitRekey(db, novelId, staged)
      if (committed) {
        await publishRekey(context, committed)
        return staged.chapters.length
      }
    } finally {
      // Of the old chapters, or of new ones that were not taken.
      deletions.work()
    }
  }
  throw new Error(`the chapters of novel ${novelId} changed each time that it was re-keyed`)
}

/** Segments written in one commit: some milliseconds. */
const segmentsPerCommit = 1000

async function* rewrittenChapters(
  db: Database,
  novelId: string,
  rewrite: RewriteChapter,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly RekeyedChapter[]> {
  let group: RekeyedChapter[] = []
  let segments = 0
  for (const chapter of await chaptersOf(db, novelId)) {
    signal?.throwIfAborted()
    const text = await storedChapterText(db, chapter.id)
    const rewritten = text && (await rewrite(chapter, text))
    if (text && rewritten && !isSame(chapter, text, rewritten.text)) {
      segments += rewritten.text.textHashes.length
      if (group.length > 0 && segments > segmentsPerCommit) {
        yield group
        group = []
        segments = rewritten.text.textHashes.length
      }
      const { change } = rewritten
      group.push({ old: chapter, text: rewritten.text, ...(change && { change }) })
    }
    await yieldToEventLoop()
  }
  if (group.length > 0) yield group
}

/** A chapter of which nothing changes keeps its row. */
function isSame({ title, part }: ChapterRow, before: StoredText, after: StoredChapter): boolean {
  return (
    title === after.title &&
    (part ?? undefined) === after.part &&
    before.blocks === after.blocks &&
    before.skips === after.skips &&
    before.segments === after.segments
  )
}

async function publishRekey(
  { dispatcher, eventBus, transcodeCache }: RekeyContext,
  { generationIds, transcodeKeys }: CommittedRekey,
): Promise<void> {
  for (const key of transcodeKeys) await transcodeCache.discard(key)
  await dispatcher.refresh({ chapters: true })
  for (const id of generationIds) eventBus.publish({ kind: 'generation', id })
}
