import { type Casting, castingOf } from '../../novel/casting.ts'
import { type Cast, voicesOfRoles } from '../../novel/cast.ts'
import { Failure } from '../../novel/failure.ts'
import type { BookLexicon } from '../../novel/lexicon-entry.ts'
import { withLock } from '../../storage/lock.ts'
import type { Database } from '../../storage/database-tables.ts'
import { castOf, setApplied } from '../../storage/queries/cast-queries.ts'
import { storedLines } from '../../storage/queries/chapter-line-queries.ts'
import { type ChapterRow, chaptersOf, storedChapterText } from '../../storage/queries/chapter-queries.ts'
import { bookLexicon } from '../../storage/queries/lexicon-queries.ts'
import { generationsToRecast, recastGeneration } from '../../storage/queries/recast-queries.ts'
import { lockNovel, type NovelRow } from '../../storage/queries/novel-queries.ts'
import type { Application } from '../application.ts'
import { type EditContext, publishEdit } from '../import/edit-chapters.ts'
import { commitCut, type CutChapter } from '../import/recut-chapters.ts'
import { partsOfVoices } from '../voices/generation-recipes.ts'
import { type ChapterToCast, runCastTask } from './cast-tasks.ts'
import { requireNovel } from '../require-novel.ts'

export type CastContext = EditContext & Pick<Application, 'voices'>

/** Texts that a worker thread is given at once, in characters of JSON. */
const batchCharacters = 6_000_000

/**
 * What the cast makes of the chapters of a novel, said as its lexicon has them, by the chapter's id; those that stay as they
 * are are left out.
 */
export async function cutChapters(
  db: Database,
  chapters: readonly ChapterRow[],
  { cast, lexicon }: { readonly cast: Cast; readonly lexicon: BookLexicon },
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, CutChapter>> {
  const cut = new Map<number, CutChapter>()
  let batch: ChapterToCast[] = []
  let characters = 0
  const flush = async (): Promise<void> => {
    const results = await runCastTask({ kind: 'cut', cast, lexicon, chapters: batch }, signal)
    for (const [at, result] of results.entries()) if (result) cut.set(batch[at]!.id, result)
    batch = []
    characters = 0
  }
  for (const { id, title, part, matter } of chapters) {
    const [text, lines] = await Promise.all([storedChapterText(db, id), storedLines(db, id)])
    if (!text || (lines === undefined && !maySpeak(cast, text.segments))) continue
    batch.push({ id, title, part, matter, text, lines })
    characters += text.blocks.length + text.segments.length + (lines?.length ?? 0)
    if (characters >= batchCharacters) await flush()
  }
  if (batch.length > 0) await flush()
  return cut
}

/** Whether a chapter that no analysis has read may be cut: by sentences that have a voice of their own, or had one. */
function maySpeak({ sentences }: Cast, segments: string): boolean {
  return sentences !== undefined || segments.includes('"role":')
}

/** Chapters that change meanwhile make it begin again; nobody edits them this often. */
const maxAttempts = 5

/**
 * Cuts a novel's segments by the speakers of the cast that is shown, and has its generations go on with the cast's voices:
 * only segments that changed, or whose voice did, are spoken again. All of it or nothing, durable when it returns; an entry
 * of the journal of chapters if any changed. Throws `novel.unknown`, `cast.none`, `cast.outdated`, `voice.unknown`.
 */
export async function applyCast(context: CastContext, novelId: string, version: number): Promise<void> {
  const { db, deletions, lock } = context
  await withLock(lock, `novel:${novelId}`, async () => {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const novel = await requireNovel({ db }, novelId)
      const { cast, state } = await castOf(db, novelId)
      if (state.version === 0) throw new Failure('cast.none')
      if (state.version !== version) throw new Failure('cast.outdated')
      const chapters = await chaptersOf(db, novelId)
      const lexicon = await bookLexicon(db, novel)
      const cut = await cutChapters(db, chapters, { cast, lexicon })
      try {
        if (await commitCast(context, novel, { cast, version, chapters, cut })) return
      } finally {
        deletions.work()
      }
    }
    throw new Error(`the chapters of novel ${novelId} changed each time that its cast was applied`)
  })
}

interface CutNovel {
  readonly cast: Cast
  readonly version: number
  readonly chapters: readonly ChapterRow[]
  readonly cut: ReadonlyMap<number, CutChapter>
}

/** Returns whether it was done: the chapters may be others by now. */
async function commitCast(
  context: CastContext,
  novel: NovelRow,
  { cast, version, chapters, cut }: CutNovel,
): Promise<boolean> {
  const { db, dispatcher, eventBus } = context
  const voices = voicesOfRoles(cast)
  const recast = await recastGenerations(context, novel, cast)
  const within = async (commit: Database, generationIds: readonly string[]): Promise<void> => {
    for (const each of recast) await recastGeneration(commit, each.id, { ...each, reopened: true })
    await setApplied(commit, novel.id, version, voices)
    await dispatcher.plan([...new Set([...generationIds, ...recast.map(({ id }) => id)])], commit)
  }
  if (cut.size === 0) {
    const done = await db.transaction().execute(async (commit) => {
      if (!(await lockNovel(commit, novel.id))) return false
      await within(commit, [])
      return true
    })
    if (!done) return false
    await dispatcher.refresh()
    eventBus.publish({ kind: 'novel', id: novel.id })
    for (const { id } of recast) eventBus.publish({ kind: 'generation', id })
    return true
  }
  const committed = await commitCut(db, novel.id, { kind: 'cast', chapters, cut }, within)
  if (!committed) return false
  await publishEdit(context, novel.id, {
    ...committed,
    generationIds: [...new Set([...committed.generationIds, ...recast.map(({ id }) => id)])],
  })
  return true
}

/** The novel's generations that are spoken in other voices than those of the cast, with the casting that they get. */
async function recastGenerations(context: CastContext, novel: NovelRow, cast: Cast) {
  const voices = voicesOfRoles(cast)
  const recast: {
    id: string
    casting: Casting
    recipes: Awaited<ReturnType<typeof partsOfVoices>>['recipes']
  }[] = []
  for (const { id, casting, speed } of await generationsToRecast(context.db, novel.id)) {
    const { parts, recipes } = await partsOfVoices(context, novel, voices, speed)
    const wanted = castingOf(casting.narrator, parts)
    if (wanted.id !== casting.id) recast.push({ id, casting: wanted, recipes })
  }
  return recast
}
