import { v7 as uuidv7 } from 'uuid'
import type { ChapterEditKind, ChaptersEdit, EditedChapter } from '../../novel/chapter-edit.ts'
import { reversedEdit } from '../../novel/chapter-edit.ts'
import type { HeadingRule } from '../../novel/heading-rule.ts'
import type { SegmentRun } from '../../novel/segment-runs.ts'
import type { Database } from '../database-tables.ts'
import { parseStoredJson } from './column-values.ts'
import { hideNovel } from './deletion-queries.ts'
import {
  applyChaptersEdit,
  type AppliedEdit,
  type AskedChapter,
  discardReplaced,
} from './edit-application.ts'
import { castBeforeLapse, castStateOf, lapsedCast } from './cast-queries.ts'
import { noteRevertedLexicon } from './lexicon-book-queries.ts'
import { lockNovel } from './novel-queries.ts'
import {
  dropOldSources,
  isOffered,
  setSource,
  type SourceChange,
  takeSource,
} from './novel-version-queries.ts'
import { insertShadow } from './rekey-queries.ts'

/** An entry of a novel's journal. */
export interface JournalEntry extends ChaptersEdit {
  readonly number: number
  readonly kind: ChapterEditKind
}

/** More are not kept: the oldest cannot be undone any more. */
const keptEdits = 200

export interface CommittedEdit extends Pick<AppliedEdit, 'generationIds' | 'transcodeKeys'> {
  /** What was done, undone or done again. */
  readonly edit: JournalEntry
}

/** An edit that is to be done. */
export interface NewEdit extends ChaptersEdit {
  readonly kind: ChapterEditKind
  /** The hidden novel with chapters that were staged. */
  readonly shadowId?: string
  /** The rule by which the chapters were found, if it read the book again. */
  readonly headings?: HeadingRule
  /** Another file is the novel's from then on; the version that has it leaves the rest of its chapters to the shadow. */
  readonly sources?: SourceChange
}

/** Edits that cut segments without regard to who speaks. */
const cutsAnew: ReadonlySet<ChapterEditKind> = new Set(['headings', 'reread', 'grow', 'restore'])

/** Edits that bring what the lexicon has at that time into the book. */
const spokenAnew: ReadonlySet<ChapterEditKind> = new Set([...cutsAnew, 'cast', 'lexicon'])

/**
 * The book is not as its cast wants it any more, or may not be. It has lapsed if an edit has cut segments anew since the
 * last one that cut them by a cast, and the cast has voices. When the edit by which it lapsed is undone, it is cut by the
 * version of before.
 */
async function noteCutAnew(commit: Database, novelId: string, kind: ChapterEditKind): Promise<void> {
  const { cast, anew } = await commit
    .selectFrom('chapterEdits')
    .select(({ fn, eb }) => [
      fn.max(eb.case().when('kind', '=', 'cast').then(eb.ref('number')).end()).as('cast'),
      fn
        .max(
          eb
            .case()
            .when('kind', 'in', [...cutsAnew])
            .then(eb.ref('number'))
            .end(),
        )
        .as('anew'),
    ])
    .where('novelId', '=', novelId)
    .where('undone', '=', 0)
    .executeTakeFirstOrThrow()
  const before = kind === 'cast' ? 0 : (await castStateOf(commit, novelId)).applied
  const applied = (anew ?? 0) > (cast ?? 0) ? lapsedCast(before) : castBeforeLapse(before)
  await commit
    .updateTable('castStates')
    .set(({ eb }) => ({
      applied: eb.case().when('voices', '=', '[]').then(0).else(eb.val(applied)).end(),
    }))
    .where('novelId', '=', novelId)
    .execute()
}

/** Called in the transaction, with the generations whose chapters are others now. */
type Within = (commit: Database, generationIds: readonly string[]) => Promise<void>

/**
 * Does an edit and enters it into the journal, in one transaction. What was undone before cannot be done again then.
 * `undefined`: the chapters are others by now, or the novel is
 * gone; then nothing was changed.
 */
export async function commitEdit(
  db: Database,
  novelId: string,
  { kind, shadowId, headings, sources, ...edit }: NewEdit,
  within: Within,
): Promise<CommittedEdit | undefined> {
  return db.transaction().execute(async (commit) => {
    if (!(await lockNovel(commit, novelId))) return undefined
    if (sources && !(await isOffered(commit, novelId, sources))) return undefined
    const applied = await applyChaptersEdit(commit, novelId, edit)
    if (!applied) return undefined
    if (sources && shadowId !== undefined) await takeSource(commit, novelId, sources, shadowId)
    if (shadowId !== undefined) await hideNovel(commit, shadowId)
    await forgetUndone(commit, novelId)
    const last = await lastNumber(commit, novelId)
    const number = last + 1
    await commit
      .insertInto('chapterEdits')
      .values({
        novelId,
        number,
        kind,
        at: edit.at,
        before: JSON.stringify(edit.before),
        after: JSON.stringify(edit.after),
        runs: JSON.stringify(edit.runs),
        asked: JSON.stringify(applied.asked),
        headings: headings === undefined ? null : JSON.stringify(headings),
        sources: sources === undefined ? null : JSON.stringify(sources),
        createdAt: new Date().toISOString(),
      })
      .execute()
    await forgetOld(commit, novelId, number - keptEdits)
    if (cutsAnew.has(kind)) await noteCutAnew(commit, novelId, kind)
    await within(commit, applied.generationIds)
    return { ...applied, edit: { ...edit, kind, number } }
  })
}

/**
 * Takes the last edit back, or does the last one that was taken back again, in one transaction. `nothing`: there is none;
 * `outdated`: the chapters that it left are others by now.
 */
export async function revertEdit(
  db: Database,
  novelId: string,
  direction: 'undo' | 'redo',
  within: Within,
): Promise<CommittedEdit | 'nothing' | 'outdated'> {
  return db.transaction().execute(async (commit) => {
    if (!(await lockNovel(commit, novelId))) return 'nothing'
    const entry = await nextEntry(commit, novelId, direction)
    if (!entry) return 'nothing'
    const { asked, sources, ...done } = entry
    const edit = direction === 'undo' ? reversedEdit(done) : done
    const applied = await applyChaptersEdit(commit, novelId, edit, direction === 'undo' ? asked : undefined)
    if (!applied) return 'outdated'
    if (sources) await setSource(commit, novelId, direction === 'undo' ? sources.before : sources.after)
    await commit
      .updateTable('chapterEdits')
      .set({
        undone: direction === 'undo' ? 1 : 0,
        ...(direction === 'redo' && { asked: JSON.stringify(applied.asked) }),
      })
      .where('novelId', '=', novelId)
      .where('number', '=', done.number)
      .execute()
    if (done.kind === 'cast' || cutsAnew.has(done.kind)) await noteCutAnew(commit, novelId, done.kind)
    if (spokenAnew.has(done.kind))
      await noteRevertedLexicon(commit, novelId, { direction, ofLexicon: done.kind === 'lexicon' })
    await within(commit, applied.generationIds)
    return { ...applied, edit: { ...edit, kind: done.kind, number: done.number } }
  })
}

/** What the edit is that would be undone, or done again, next; its chapters may be thousands. */
export async function nextEntryHead(
  db: Database,
  novelId: string,
  direction: 'undo' | 'redo',
): Promise<Pick<JournalEntry, 'number' | 'kind' | 'at'> | undefined> {
  return nextEntries(db, novelId, direction).select(['number', 'kind', 'at']).executeTakeFirst()
}

function nextEntries(db: Database, novelId: string, direction: 'undo' | 'redo') {
  return db
    .selectFrom('chapterEdits')
    .where('novelId', '=', novelId)
    .where('undone', '=', direction === 'undo' ? 0 : 1)
    .orderBy('number', direction === 'undo' ? 'desc' : 'asc')
    .limit(1)
}

/** The same, whole. */
export async function nextEntry(
  db: Database,
  novelId: string,
  direction: 'undo' | 'redo',
): Promise<
  | (JournalEntry & { readonly asked: readonly AskedChapter[]; readonly sources: SourceChange | undefined })
  | undefined
> {
  const row = await nextEntries(db, novelId, direction).selectAll().executeTakeFirst()
  return (
    row && {
      number: row.number,
      kind: row.kind,
      at: row.at,
      before: parseStoredJson(row.before) as EditedChapter[],
      after: parseStoredJson(row.after) as EditedChapter[],
      runs: parseStoredJson(row.runs) as SegmentRun[],
      asked: parseStoredJson(row.asked) as AskedChapter[],
      sources: row.sources === null ? undefined : (parseStoredJson(row.sources) as SourceChange),
    }
  )
}

async function lastNumber(db: Database, novelId: string): Promise<number> {
  const { last } = await db
    .selectFrom('chapterEdits')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('novelId', '=', novelId)
    .executeTakeFirstOrThrow()
  return last ?? 0
}

/** Removes what was undone from the journal, with the chapters that it had made. */
async function forgetUndone(db: Database, novelId: string): Promise<void> {
  const rows = await db
    .deleteFrom('chapterEdits')
    .where('novelId', '=', novelId)
    .where('undone', '=', 1)
    .returning(['before', 'after', 'sources'])
    .execute()
  await discard(
    db,
    novelId,
    rows.map(({ before, after }) => [after, before]),
  )
  if (rows.some(({ sources }) => sources !== null)) await dropOldSources(db, novelId)
}

/** Removes entries up to a number from the journal, with the chapters that they had replaced. */
async function forgetOld(db: Database, novelId: string, upTo: number): Promise<void> {
  if (upTo < 1) return
  const rows = await db
    .deleteFrom('chapterEdits')
    .where('novelId', '=', novelId)
    .where('number', '<=', upTo)
    .returning(['before', 'after', 'sources'])
    .execute()
  await discard(
    db,
    novelId,
    rows.map(({ before, after }) => [before, after]),
  )
  if (rows.some(({ sources }) => sources !== null)) await dropOldSources(db, novelId)
}

/** Of each pair of lists (JSON): the chapters that only the first has belong to a hidden novel from now on. */
async function discard(
  db: Database,
  novelId: string,
  pairs: readonly (readonly [gone: string, kept: string])[],
): Promise<void> {
  const idsOf = (json: string) => (parseStoredJson(json) as EditedChapter[]).map(({ id }) => id)
  const ids = pairs.flatMap(([gone, kept]) => {
    const staying = new Set(idsOf(kept))
    return idsOf(gone).filter((id) => !staying.has(id))
  })
  if (ids.length === 0) return
  const doomed = uuidv7()
  await insertShadow(db, doomed, novelId)
  await discardReplaced(db, novelId, doomed, ids)
  await hideNovel(db, doomed)
}
