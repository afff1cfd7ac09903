import { v7 as uuidv7 } from 'uuid'
import {
  type BookLexicon,
  entryKey,
  type EntryOrigin,
  heldEntries,
  type LexiconEntry,
  type LexiconScope,
  lexiconScopes,
  type StoredEntry,
} from '../../novel/lexicon-entry.ts'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { parseStoredJson } from './column-values.ts'
import { metadataOf, type NovelRow } from './novel-queries.ts'

/** Where an entry holds: in a novel, in the novels of a series, in all. */
export interface ScopePlace {
  readonly scope: LexiconScope
  readonly key: string
  readonly novelId: string | null
  /** Of a series. */
  readonly name?: string
}

type ScopedNovel = Pick<NovelRow, 'id' | 'author' | 'metadata'>

/** The place of a scope for a novel; `undefined`: it belongs to no series. */
export function scopePlace(novel: ScopedNovel, scope: LexiconScope): ScopePlace | undefined {
  if (scope === 'novel') return { scope, key: novel.id, novelId: novel.id }
  if (scope === 'all') return { scope, key: '', novelId: null }
  const key = seriesKey(novel.author, metadataOf(novel).series?.name)
  return key === undefined
    ? undefined
    : { scope, key, novelId: null, name: metadataOf(novel).series!.name.trim() }
}

/** `undefined`: there is no such series. */
export function seriesKey(author: string, name: string | undefined): string | undefined {
  const plain = name?.trim().toLowerCase() ?? ''
  return plain === '' ? undefined : JSON.stringify([author, plain])
}

/** The entries of a place, in the order of what is written. */
export async function entriesOf(db: Database, { scope, key }: ScopePlace): Promise<StoredEntry[]> {
  const rows = await db
    .selectFrom('lexiconEntries')
    .select(['id', 'entry'])
    .where('scope', '=', scope)
    .where('scopeKey', '=', key)
    .orderBy('entryKey')
    .execute()
  return rows.map(({ id, entry }) => ({ ...(parseStoredJson(entry) as Omit<StoredEntry, 'id'>), id }))
}

/** What a novel is said by; `wanted`: if a scope had these entries. */
export async function bookLexicon(
  db: Database,
  novel: ScopedNovel & Pick<NovelRow, 'language'>,
  wanted?: { readonly scope: LexiconScope; readonly entries: readonly StoredEntry[] },
): Promise<BookLexicon> {
  const places = lexiconScopes.flatMap((scope) => scopePlace(novel, scope) ?? [])
  const scopes = await Promise.all(
    places.map(async (place) =>
      heldEntries(place.scope === wanted?.scope ? wanted.entries : await entriesOf(db, place)),
    ),
  )
  return { language: novel.language, scopes: scopes.filter(({ length }) => length > 0) }
}

/** Excludes other changes of a place until the transaction ends. */
export async function lockScope(commit: Database, { scope, key }: ScopePlace): Promise<void> {
  await sqlDialect(commit).serialize(commit, `lexicon:${scope}:${key}`)
}

/** What is to become of the entries of a place. */
export interface EntriesChange {
  readonly put: readonly (LexiconEntry & EntryOrigin & { readonly id?: string | undefined })[]
  /** Ids; those that are not there are nothing to do. */
  readonly remove: readonly string[]
}

export interface ChangedEntries {
  /** Those that go, or are others afterwards. */
  readonly before: readonly StoredEntry[]
  readonly after: readonly StoredEntry[]
}

/** What a change makes of entries; an entry takes the place of one with its id, or with the same key. */
export function changedEntries(known: readonly StoredEntry[], change: EntriesChange): ChangedEntries {
  const entries = new Map(known.map((entry) => [entry.id, entry]))
  const byKey = new Map(known.map((entry) => [entryKey(entry), entry.id]))
  const drop = (id: string): void => {
    const entry = entries.get(id)
    if (!entry) return
    entries.delete(id)
    byKey.delete(entryKey(entry))
  }
  for (const id of change.remove) drop(id)
  for (const { id: wanted, ...entry } of change.put) {
    const key = entryKey(entry)
    const same = byKey.get(key)
    const id = wanted !== undefined && entries.has(wanted) ? wanted : (same ?? uuidv7())
    if (same !== undefined) drop(same)
    drop(id)
    entries.set(id, {
      ...withOrigin(
        entry,
        known.find((one) => one.id === id),
      ),
      id,
    })
    byKey.set(key, id)
  }
  const texts = new Map(known.map((entry) => [entry.id, JSON.stringify(ordered(entry))]))
  return {
    before: known.filter(
      ({ id }) => !entries.has(id) || JSON.stringify(ordered(entries.get(id)!)) !== texts.get(id),
    ),
    after: [...entries.values()].filter((entry) => JSON.stringify(ordered(entry)) !== texts.get(entry.id)),
  }
}

/** What is said as the book has it is still from the book. */
function withOrigin(
  entry: LexiconEntry & EntryOrigin,
  before: StoredEntry | undefined,
): LexiconEntry & EntryOrigin {
  if (before?.fromBook === undefined || entry.fromBook !== undefined) return entry
  const content = (one: LexiconEntry & EntryOrigin): string => {
    const { fromBook: _, off: __, ...rest } = one
    return JSON.stringify(ordered(rest))
  }
  return content(entry) === content(before) ? { ...entry, fromBook: before.fromBook } : entry
}

/** With its fields in one order, and none that is not set. */
function ordered(entry: LexiconEntry & EntryOrigin): LexiconEntry & EntryOrigin {
  const { written, words, ipa, language, caseSensitive, stem, fromBook, off } = entry
  return {
    written,
    ...(words !== undefined && { words }),
    ...(ipa !== undefined && { ipa }),
    ...(language !== undefined && { language }),
    caseSensitive,
    stem,
    ...(fromBook !== undefined && { fromBook }),
    ...(off && { off }),
  }
}

/** Changes that can be undone; those before are forgotten. */
const keptChanges = 100

/** Writes a change down as one that can be undone, in the caller's transaction, which has locked the place. */
export async function commitChange(
  commit: Database,
  place: ScopePlace,
  change: ChangedEntries,
): Promise<void> {
  const { scope, key, novelId } = place
  await replaceEntries(commit, place, change.before, change.after)
  const { last } = await commit
    .selectFrom('lexiconChanges')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('scope', '=', scope)
    .where('scopeKey', '=', key)
    .executeTakeFirstOrThrow()
  const number = (last ?? 0) + 1
  const own = commit.deleteFrom('lexiconChanges').where('scope', '=', scope).where('scopeKey', '=', key)
  await own.where('undone', '=', 1).execute()
  await own.where('number', '<=', number - keptChanges).execute()
  await commit
    .insertInto('lexiconChanges')
    .values({
      scope,
      scopeKey: key,
      number,
      novelId,
      before: JSON.stringify(change.before),
      after: JSON.stringify(change.after),
      undone: 0,
      createdAt: new Date().toISOString(),
    })
    .execute()
}

type Direction = 'undo' | 'redo'

/** The change that would be undone, or done again, next. */
function nextChanges(db: Database, { scope, key }: ScopePlace, direction: Direction) {
  return db
    .selectFrom('lexiconChanges')
    .where('scope', '=', scope)
    .where('scopeKey', '=', key)
    .where('undone', '=', direction === 'undo' ? 0 : 1)
    .orderBy('number', direction === 'undo' ? 'desc' : 'asc')
    .limit(1)
}

/** Whether there is a change to be undone, or done again. */
export async function hasChange(db: Database, place: ScopePlace, direction: Direction): Promise<boolean> {
  return (await nextChanges(db, place, direction).select('number').executeTakeFirst()) !== undefined
}

async function nextChange(
  db: Database,
  place: ScopePlace,
  direction: Direction,
): Promise<(ChangedEntries & { readonly number: number }) | undefined> {
  const row = await nextChanges(db, place, direction).select(['number', 'before', 'after']).executeTakeFirst()
  return (
    row && {
      number: row.number,
      before: parseStoredJson(row.before) as StoredEntry[],
      after: parseStoredJson(row.after) as StoredEntry[],
    }
  )
}

/** Takes the last change back, or does it again, in the caller's transaction. Returns whether there was one. */
export async function revertChange(
  commit: Database,
  place: ScopePlace,
  direction: Direction,
): Promise<boolean> {
  const change = await nextChange(commit, place, direction)
  if (!change) return false
  const { before, after } = change
  await (direction === 'undo'
    ? replaceEntries(commit, place, after, before)
    : replaceEntries(commit, place, before, after))
  await commit
    .updateTable('lexiconChanges')
    .set({ undone: direction === 'undo' ? 1 : 0 })
    .where('scope', '=', place.scope)
    .where('scopeKey', '=', place.key)
    .where('number', '=', change.number)
    .execute()
  return true
}

const rowsPerStatement = 200

async function replaceEntries(
  commit: Database,
  { scope, key, novelId }: ScopePlace,
  gone: readonly StoredEntry[],
  added: readonly StoredEntry[],
): Promise<void> {
  for (let at = 0; at < gone.length; at += rowsPerStatement) {
    const ids = gone.slice(at, at + rowsPerStatement).map(({ id }) => id)
    await commit.deleteFrom('lexiconEntries').where('id', 'in', ids).execute()
  }
  for (let at = 0; at < added.length; at += rowsPerStatement)
    await commit
      .insertInto('lexiconEntries')
      .values(
        added.slice(at, at + rowsPerStatement).map((entry) => ({
          id: entry.id,
          scope,
          scopeKey: key,
          novelId,
          entryKey: entryKey(entry),
          entry: JSON.stringify(ordered(entry)),
        })),
      )
      .execute()
}
