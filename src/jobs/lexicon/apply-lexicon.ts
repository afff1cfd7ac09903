import type { BookLexicon } from '../../novel/lexicon-entry.ts'
import { withLock } from '../../storage/lock.ts'
import type { Database } from '../../storage/database-tables.ts'
import { type ChapterRow, chaptersOf, storedChapterText } from '../../storage/queries/chapter-queries.ts'
import { endLexicon, noteProgress } from '../../storage/queries/lexicon-book-queries.ts'
import { bookLexicon } from '../../storage/queries/lexicon-queries.ts'
import { type EditContext, publishEdit } from '../import/edit-chapters.ts'
import { commitCut, type CutChapter } from '../import/recut-chapters.ts'
import { type ChapterToSay, LexiconWorker } from './lexicon-tasks.ts'
import { requireNovel } from '../require-novel.ts'

/** Texts that a worker thread is given at once, in characters of JSON. */
const batchCharacters = 1_000_000

/** Called with the number of chapters that are done, now and then. */
type OnSaid = (done: number) => Promise<void>

/** What a lexicon makes of chapters, by the chapter's id; those that stay as they are are left out. */
export async function sayChapters(
  db: Database,
  chapters: readonly ChapterRow[],
  lexicon: BookLexicon,
  { signal, onSaid }: { readonly signal?: AbortSignal | undefined; readonly onSaid?: OnSaid } = {},
): Promise<ReadonlyMap<number, CutChapter>> {
  const said = new Map<number, CutChapter>()
  let done = 0
  if (chapters.length === 0) return said
  await using worker = new LexiconWorker(lexicon)
  let batch: ChapterToSay[] = []
  let characters = 0
  const say = async (sent: readonly ChapterToSay[]): Promise<void> => {
    const results = await worker.say(sent, signal)
    for (const [at, result] of results.entries()) if (result) said.set(sent[at]!.id, result)
    done += sent.length
    await onSaid?.(done)
  }
  /** One batch is read while another is worked on. */
  let working: Promise<void> = Promise.resolve()
  const flush = async (): Promise<void> => {
    await working
    working = say(batch)
    working.catch(() => undefined)
    batch = []
    characters = 0
  }
  for (const { id, title, part, matter } of chapters) {
    const text = await storedChapterText(db, id)
    if (!text) continue
    batch.push({ id, title, part, matter, text })
    characters += text.blocks.length + text.segments.length
    if (characters >= batchCharacters) await flush()
  }
  if (batch.length > 0) await flush()
  await working
  return said
}

/** A book that is done sooner has no use for it. */
const noteEveryMs = 500

function progressNotes(
  db: Database,
  { novelId, token, total }: { readonly novelId: string; readonly token: string; readonly total: number },
): OnSaid {
  let notedAt = performance.now()
  return async (done) => {
    if (performance.now() - notedAt < noteEveryMs) return
    await noteProgress(db, novelId, token, { done, total })
    notedAt = performance.now()
  }
}

/** Chapters that change meanwhile make it begin again; nobody edits them this often. */
const maxAttempts = 5

/**
 * Has a novel said as the lexicon has it by now: only segments with words that are said otherwise than before change, and
 * are spoken again. All of it or nothing, as an entry of the journal of its chapters if any changed. `token`: of the wish
 * that is fulfilled. Throws `novel.unknown`, `storage.damaged`, and the signal's reason.
 */
export async function applyBookLexicon(
  context: EditContext,
  novelId: string,
  token: string,
  signal: AbortSignal,
): Promise<void> {
  const { db, deletions, dispatcher, lock } = context
  const apply = async (held: AbortSignal): Promise<void> => {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const novel = await requireNovel({ db }, novelId)
      const lexicon = await bookLexicon(db, novel)
      const chapters = await chaptersOf(db, novelId)
      const onSaid = progressNotes(db, { novelId, token, total: chapters.length })
      const cut = await sayChapters(db, chapters, lexicon, { signal: held, onSaid })
      held.throwIfAborted()
      if (cut.size === 0) {
        await endLexicon(db, novelId, token, 'applied')
        return
      }
      try {
        const changes = { kind: 'lexicon' as const, chapters, cut }
        const committed = await commitCut(db, novelId, changes, async (commit, generationIds) => {
          await endLexicon(commit, novelId, token, 'applied')
          await dispatcher.plan(generationIds, commit)
        })
        if (committed) {
          await publishEdit(context, novelId, committed)
          return
        }
      } finally {
        deletions.work()
      }
    }
    throw new Error(`the chapters of novel ${novelId} changed each time that the lexicon was applied`)
  }
  await withLock(lock, `novel:${novelId}`, apply, signal)
}
