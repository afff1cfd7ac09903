import { v7 as uuidv7 } from 'uuid'
import { checkedEntry } from '../../lexicon/entry-check.ts'
import { Failure } from '../../novel/failure.ts'
import { lexiconLimits, type LexiconScope } from '../../novel/lexicon-entry.ts'
import type { Database } from '../../storage/database-tables.ts'
import { novelsWithin, wantLexicon } from '../../storage/queries/lexicon-book-queries.ts'
import {
  changedEntries,
  commitChange,
  type EntriesChange,
  entriesOf,
  lockScope,
  revertChange,
  type ScopePlace,
  scopePlace,
} from '../../storage/queries/lexicon-queries.ts'
import { type NovelRow } from '../../storage/queries/novel-queries.ts'
import type { Application } from '../application.ts'
import { requireNovel } from '../require-novel.ts'

export type LexiconContext = Pick<Application, 'db' | 'lexicons'>

export interface ScopedChange extends EntriesChange {
  readonly scope: LexiconScope
}

/** The place of a scope for a novel. Throws `lexicon.no-series`. */
export function requirePlace(novel: NovelRow, scope: LexiconScope): ScopePlace {
  const place = scopePlace(novel, scope)
  if (!place) throw new Failure('lexicon.no-series')
  return place
}

/** A change whose entries can be said. Throws `lexicon.impossible`. */
export function checkedChange({ put, remove }: EntriesChange): EntriesChange {
  return {
    put: put.map(({ id, off, ...entry }) => ({
      ...checkedEntry(entry),
      ...(off && { off }),
      ...(id !== undefined && { id }),
    })),
    remove,
  }
}

/**
 * Changes how words are said, in one step that can be undone; durable when it returns. The novels in which they hold are
 * brought up to date in the background. Throws `novel.unknown`, `lexicon.no-series`, `lexicon.impossible`.
 */
export async function changeLexicon(
  context: LexiconContext,
  novelId: string,
  { scope, ...wanted }: ScopedChange,
): Promise<void> {
  const checked = checkedChange(wanted)
  await within(context, novelId, scope, async (commit, place) => {
    const known = await entriesOf(commit, place)
    const change = changedEntries(known, checked)
    const count = known.length - change.before.length + change.after.length
    if (count > lexiconLimits.entries)
      throw new Failure('lexicon.impossible', {
        detail: `a list has at most ${lexiconLimits.entries} words, and this would have ${count}`,
      })
    if (change.before.length === 0 && change.after.length === 0) return false
    await commitChange(commit, place, change)
    return true
  })
}

/** Takes the last change back, or does it again. Throws likewise, and `lexicon.nothing`. */
export async function revertLexicon(
  context: LexiconContext,
  novelId: string,
  scope: LexiconScope,
  direction: 'undo' | 'redo',
): Promise<void> {
  await within(context, novelId, scope, async (commit, place) => {
    if (await revertChange(commit, place, direction)) return true
    throw new Failure('lexicon.nothing', { verb: direction === 'undo' ? 'undone' : 'done again' })
  })
}

/** Brings a novel up to date again whose change of chapters was undone, or could not be made. */
export async function wantBook({ db, lexicons }: LexiconContext, novelId: string): Promise<void> {
  await requireNovel({ db }, novelId)
  await db.transaction().execute(async (commit) => {
    await wantLexicon(commit, [novelId], uuidv7())
    await lexicons.send([novelId], commit)
  })
}

/** Does it in one transaction with what follows from it for novels. */
async function within(
  { db, lexicons }: LexiconContext,
  novelId: string,
  scope: LexiconScope,
  change: (commit: Database, place: ScopePlace) => Promise<boolean>,
): Promise<void> {
  const novel = await requireNovel({ db }, novelId)
  const place = requirePlace(novel, scope)
  await db.transaction().execute(async (commit) => {
    await lockScope(commit, place)
    if (!(await change(commit, place))) return
    const ids = await novelsWithin(commit, place)
    await wantLexicon(commit, ids, uuidv7())
    await lexicons.send(ids, commit)
  })
}
