import { sql } from 'kysely'
import type { ChapterEditKind, EditedChapter } from '../../novel/chapter-edit.ts'
import { automaticRule, type HeadingRule } from '../../novel/heading-rule.ts'
import type { Database } from '../database-tables.ts'
import { parseStoredJson } from './column-values.ts'

/** Edits that arrange nothing: the file or the machine has made what they make. */
const neverByHand: readonly ChapterEditKind[] = ['reread', 'grow', 'cast', 'lexicon']

/** Whether a novel's chapters were ever edited: then a chapter's number says nothing of which one it is. */
export async function hasEdits(db: Database, novelId: string): Promise<boolean> {
  const row = await db
    .selectFrom('chapterEdits')
    .select(sql<number>`1`.as('one'))
    .where('novelId', '=', novelId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The rule by which the chapters of a novel were found: that of the last reading that was not undone. */
export async function currentHeadings(db: Database, novelId: string): Promise<HeadingRule> {
  const row = await db
    .selectFrom('chapterEdits')
    .select('headings')
    .where('novelId', '=', novelId)
    .where('undone', '=', 0)
    .where('headings', 'is not', null)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.headings ? (parseStoredJson(row.headings) as HeadingRule) : automaticRule
}

/** How many edits since the chapters were found, not undone: what somebody arranged, wrote or restored. */
export async function handEdits(db: Database, novelId: string, kind?: ChapterEditKind): Promise<number> {
  const rows = await db
    .selectFrom('chapterEdits')
    .select(['number', 'kind'])
    .where('novelId', '=', novelId)
    .where('undone', '=', 0)
    .where('kind', 'not in', [...neverByHand])
    .orderBy('number', 'desc')
    .execute()
  return sinceHeadings(rows).filter((row) => kind === undefined || row.kind === kind).length
}

/** Of edits, the latest first, those since the chapters were found. */
function sinceHeadings<Edit extends { readonly kind: ChapterEditKind }>(
  edits: readonly Edit[],
): readonly Edit[] {
  const found = edits.findIndex(({ kind }) => kind === 'headings')
  return found < 0 ? edits : edits.slice(0, found)
}

/** What somebody called chapters, and whether chapters were given parts, in edits that were not undone. */
export async function namesByHand(
  db: Database,
  novelId: string,
): Promise<{ readonly titles: ReadonlySet<string>; readonly parts: boolean }> {
  const rows = await db
    .selectFrom('chapterEdits')
    .select(['kind', 'before', 'after'])
    .where('novelId', '=', novelId)
    .where('undone', '=', 0)
    .where('kind', 'in', ['rename', 'part'])
    .execute()
  const titles = rows.flatMap(({ kind, before, after }) => {
    if (kind !== 'rename') return []
    const old = parseStoredJson(before) as EditedChapter[]
    return (parseStoredJson(after) as EditedChapter[])
      .filter(({ title }, at) => title !== old[at]?.title)
      .map(({ title }) => title)
  })
  return { titles: new Set(titles), parts: rows.some(({ kind }) => kind === 'part') }
}

/** Whether somebody merged, split or moved chapters since they were found; and whether they were moved. */
export async function arrangedByHand(
  db: Database,
  novelId: string,
): Promise<{ readonly cut: boolean; readonly moved: boolean }> {
  const rows = await db
    .selectFrom('chapterEdits')
    .select('kind')
    .where('novelId', '=', novelId)
    .where('undone', '=', 0)
    .where('kind', 'in', ['merge', 'split', 'move', 'headings'])
    .orderBy('number', 'desc')
    .execute()
  const kinds = new Set(sinceHeadings(rows).map(({ kind }) => kind))
  return { cut: kinds.has('merge') || kinds.has('split'), moved: kinds.has('move') }
}
