import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../../novel/failure.ts'
import { automaticRule, hasHeadingRules, type HeadingRule } from '../../novel/heading-rule.ts'
import type { BookLexicon } from '../../novel/lexicon-entry.ts'
import type { TemporaryFile } from '../../storage/local/temporary-files.ts'
import { sourceCardBytes, type ToldOfBook } from '../../storage/novel-files.ts'
import { sourceOf } from '../../storage/novel-source.ts'
import { novelState } from '../../storage/novel-state.ts'
import { coverKey, sourceCardKey, sourceKey } from '../../storage/object-keys.ts'
import { deleteNovel } from '../../storage/queries/deletion-queries.ts'
import { currentHeadings } from '../../storage/queries/edit-history-queries.ts'
import { withLock } from '../../storage/lock.ts'
import { insertNovel, novelById, novelBySource, type NovelRow } from '../../storage/queries/novel-queries.ts'
import { versionBySource } from '../../storage/queries/novel-version-queries.ts'
import { putNovelBack, trashedBySource } from '../../storage/queries/trash-queries.ts'
import type { Application } from '../application.ts'
import { Semaphore } from '../concurrency.ts'
import { type NovelHead, readBook } from './book-reader.ts'
import { lexiconAtImport, noteImported } from './imported-lexicon.ts'
import { recogniseNovel } from './recognised-novel.ts'
import { toldOfBook } from './told-of-book.ts'
import { separateVersion } from './versions/offered-version.ts'

type ImportContext = Pick<Application, 'db' | 'folder' | 'objects' | 'lock'>

export interface ImportedNovel {
  readonly novel: NovelRow
  /** `false`: the same file was imported before; this is its novel. */
  readonly added: boolean
  /** It was in the trash, and `takeUpNovel` is to be called. */
  readonly restored?: true
  /** The file is another version of the novel, and is offered to it: nothing of it was taken over. */
  readonly version?: NovelRow
}

export interface ImportOptions {
  /** A version of a novel that is there becomes a novel of its own. */
  readonly separate?: boolean
  /** What whoever keeps the book says of it, instead of or besides what it says itself. */
  readonly amend?: (head: NovelHead) => NovelHead
  /** The listener who adds it. */
  readonly addedBy?: string | undefined
  /** Who adds it keeps it to themselves, unless it is there for all, whose books are as they were. */
  readonly keep?: boolean
}

/** Books read at the same time: a slow one does not block others, and a small machine has memory for so many. */
const importSlots = new Semaphore(3)

/**
 * The lock of a source's import, by its checksum (hexadecimal SHA-256): of two concurrent imports of the same bytes each
 * would take the other's half-written novel for one that a crash has left.
 */
export function sourceLock(sha256: string): string {
  return `source:${sha256}`
}

/**
 * Imports a received file: reads it, stores its source and cover, and inserts its rows; visible only when all of it is
 * durable. Idempotent: the same bytes give the same novel, out of the trash too. Another version of a novel that is there is
 * offered to it, unless it shall be `separate`. If aborted, nothing is left of it. Throws the importer's failures and the
 * signal's reason.
 */
export async function importNovel(
  context: ImportContext,
  file: TemporaryFile,
  fileName: string,
  signal?: AbortSignal,
  options: ImportOptions = {},
): Promise<ImportedNovel> {
  const known = await knownFile(context, file.sha256, options)
  if (known) return known
  if (file.bytes === 0) throw new Failure('novel.empty-file', { file: fileName })
  const add = (held: AbortSignal) =>
    importSlots.run(() => importNewFile(context, file, { fileName, ...options }, held), held)
  return withLock(context.lock, sourceLock(file.sha256), add, signal)
}

/** The novel whose file this is or was, or to which it is offered. */
async function knownFile(
  { db, objects }: ImportContext,
  sha256: string,
  options: ImportOptions,
): Promise<ImportedNovel | undefined> {
  const { separate, addedBy } = options
  const sources = [sourceOf(sha256, null), ...(addedBy === undefined ? [] : [sourceOf(sha256, addedBy)])]
  for (const source of sources) {
    const novel = await novelBySource(db, source)
    if (novel) return { novel, added: false }
  }
  for (const source of sources) {
    const version = await versionBySource(db, source)
    if (!version) continue
    const { versionOf, complete } = version
    const of = await novelById(db, versionOf ?? '')
    const isHouses = keeperIn(options) !== undefined && version.keeper === null
    // Of one that was taken over the chapters are the novel's, also when that was undone.
    if (of && (complete === novelState.taken || isHouses)) return { novel: of, added: false }
    if (of && !separate) return { novel: of, added: false, version }
    if (!isHouses && (await separateVersion({ db, objects }, version)))
      return { novel: { ...version, versionOf: null }, added: true }
  }
  return undefined
}

/** Who is to keep it to themselves. */
function keeperIn({ keep, addedBy }: ImportOptions): string | undefined {
  return keep === true ? addedBy : undefined
}

/** The novel in the trash that who adds its file again has back: the house's only if it is to be so again. */
async function trashedFile(
  db: ImportContext['db'],
  sha256: string,
  options: ImportOptions,
): Promise<NovelRow | undefined> {
  const { addedBy } = options
  const ofHouse =
    keeperIn(options) === undefined ? await trashedBySource(db, sourceOf(sha256, null)) : undefined
  return ofHouse ?? (addedBy === undefined ? undefined : trashedBySource(db, sourceOf(sha256, addedBy)))
}

async function importNewFile(
  context: ImportContext,
  file: TemporaryFile,
  { fileName, ...options }: ImportOptions & { readonly fileName: string },
  signal: AbortSignal | undefined,
): Promise<ImportedNovel> {
  const { db, objects } = context
  const known = await knownFile(context, file.sha256, options)
  if (known) return known
  const trashed = await trashedFile(db, file.sha256, options)
  const keeper = keeperIn(options)
  if (trashed && (await putNovelBack(db, trashed.id))) {
    const novel = await novelById(db, trashed.id)
    if (novel) return { novel, added: false, restored: true }
  }
  let told: ToldOfBook | undefined
  const amend = (head: NovelHead): NovelHead => {
    const amended = options.amend?.(head) ?? head
    told = options.amend && toldOfBook(head, amended)
    return amended
  }
  for (let rule: HeadingRule | undefined; ;) {
    const id = uuidv7()
    let recognised: string | undefined
    const storeSource = async (head: NovelHead): Promise<void> => {
      // Before the file is taken away, which may have to be read again.
      if (options.separate !== true) recognised = await recognise(head)
      const whose = { keeper: keeper ?? null, versionOf: recognised ?? null }
      await objects.put(sourceCardKey(id), sourceCardBytes({ fileName, told, ...whose }))
      await objects.putFile(sourceKey(id), file.path, signal)
    }
    const recognise = async (head: NovelHead): Promise<string | undefined> => {
      const novelId = await recogniseNovel(db, id, { ...head, fileName, keeper: keeper ?? null })
      if (novelId === undefined || rule !== undefined) return novelId
      const chosen = hasHeadingRules(head) ? await currentHeadings(db, novelId) : automaticRule
      if (chosen.kind !== 'automatic') throw new ChosenHeadings(chosen)
      return novelId
    }
    try {
      const row = await readAndInsert(context, {
        id,
        path: file.path,
        sha256: file.sha256,
        fileName,
        storeSource,
        signal,
        addedBy: options.addedBy,
        keeper,
        ...(rule && { rule }),
        amend,
        versionOf: () => recognised,
      })
      const novel = row.versionOf === null ? undefined : await novelById(db, row.versionOf)
      return novel ? { novel, added: false, version: row } : { novel: row, added: true }
    } catch (error) {
      await objects.delete([sourceKey(id), sourceCardKey(id)])
      if (error instanceof ChosenHeadings) rule = error.rule
      // The file has no headings of this kind.
      else if (rule !== undefined && error instanceof Failure && error.code.startsWith('headings.'))
        rule = automaticRule
      else throw error
    }
  }
}

/** The file is a version of a novel whose chapters are found by a rule that somebody chose: its own are found by it too. */
class ChosenHeadings extends Error {
  readonly rule: HeadingRule

  constructor(rule: HeadingRule) {
    super('the chapters of its novel are found by another rule')
    this.rule = rule
  }
}

/**
 * Imports a novel, which the database lacks, from its stored source under its old id; call it under its `sourceLock`. It is
 * offered to the novel `versionOf` if that is there. The source is kept even if this fails. Throws the importer's failures and
 * the signal's reason.
 */
export async function reimportNovel(
  context: ImportContext,
  { told, versionOf, keeper, ...source }: StoredSource,
  signal: AbortSignal | undefined,
): Promise<NovelRow> {
  const storeSource = (): Promise<void> => Promise.resolve()
  const amend = (head: NovelHead): NovelHead => ({ ...head, ...told })
  const whose = { keeper, addedBy: keeper, versionOf: () => versionOf }
  return importSlots.run(
    () => readAndInsert(context, { ...source, ...whose, storeSource, signal, amend }),
    signal,
  )
}

interface StoredSource extends Pick<NovelSource, 'id' | 'path' | 'sha256' | 'fileName' | 'keeper'> {
  readonly told: ToldOfBook | undefined
  readonly versionOf: string | undefined
}

interface NovelSource {
  readonly id: string
  readonly path: string
  readonly sha256: string
  readonly fileName: string
  /** Stores the source, after it is read and before its novel becomes visible. */
  readonly storeSource: (head: NovelHead) => Promise<void>
  readonly signal: AbortSignal | undefined
  /** By what the chapters of a plain text are found; left out: as usual. */
  readonly rule?: HeadingRule
  /** The novel that it is another version of, asked when the source is stored. */
  readonly versionOf?: () => string | undefined
  readonly amend?: (head: NovelHead) => NovelHead
  readonly addedBy?: string | undefined
  readonly keeper?: string | undefined
}

/** Reads a book and stores its rows and its cover, or neither. */
async function readAndInsert(
  { db, folder, objects }: ImportContext,
  novelSource: NovelSource,
): Promise<NovelRow> {
  const { id, path, sha256, fileName, storeSource, signal, versionOf, amend = (head) => head } = novelSource
  let lexicon: BookLexicon | undefined
  const reading = readBook(path, fileName, {
    wordList: folder.wordList,
    ...(novelSource.rule && { rule: novelSource.rule }),
    lexiconOf: async (head) => (lexicon = await lexiconAtImport(db, id, head)),
    ...(signal && { signal }),
  })
  try {
    const { cover, ...head } = amend(await readHead(reading))
    // The novel's row comes first: a cover without one may be swept.
    const storeCover = async (): Promise<void> => {
      if (cover) await objects.put(coverKey(id), cover.bytes, signal)
    }
    await insertNovel(db, {
      id,
      sha256,
      sourceName: fileName,
      addedBy: novelSource.addedBy,
      keeper: novelSource.keeper,
      head: { ...head, ...(cover && { coverType: cover.mediaType }) },
      chapters: readChapters(reading, storeCover, () => storeSource(head)),
      ...(versionOf && { versionOf: async () => versionOf() }),
    })
  } catch (error) {
    await deleteNovel(db, id)
    await objects.delete([coverKey(id)])
    throw error
  } finally {
    await reading.return(undefined)
  }
  const row = (await novelById(db, id)) ?? (await versionBySource(db, sourceOf(sha256, novelSource.keeper)))
  if (!row) throw new Error(`the novel ${id} was inserted and is not found`)
  await noteImported(db, row, lexicon)
  return row
}

type Reading = ReturnType<typeof readBook>

async function readHead(reading: Reading): Promise<NovelHead> {
  const { value } = await reading.next()
  if (!value || !('head' in value)) throw new Error('the book reader sent no head first')
  return value.head
}

/** Batches of chapters as they are read; calls `before` first, and `onRead` before the novel becomes visible. */
async function* readChapters(reading: Reading, before: () => Promise<void>, onRead: () => Promise<void>) {
  await before()
  for await (const message of reading) {
    if ('chapters' in message) yield message.chapters
  }
  await onRead()
}
