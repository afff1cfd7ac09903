import { foldersOf } from '../../novel/installed-voice.ts'
import {
  refuseDanglingLinks,
  sweepTemporaryFiles,
  trashUnreferencedDownloads,
} from '../../storage/local/unreferenced-files.ts'
import { sourceIdsAmong } from '../../storage/novel-files.ts'
import { importKey, sourceCardName } from '../../storage/object-keys.ts'
import { ObjectStoreError } from '../../storage/object-store.ts'
import { chaptersByGeneration } from '../../storage/queries/chapter-queries.ts'
import {
  forgetLeftovers,
  hideIncompleteNovels,
  leftoverFiles,
} from '../../storage/queries/deletion-queries.ts'
import { finishedGenerations, updateGeneration } from '../../storage/queries/generation-queries.ts'
import { knownImportFiles } from '../../storage/queries/import-queries.ts'
import { novelsWithFiles } from '../../storage/queries/novel-queries.ts'
import { transcodeKeys } from '../../storage/queries/transcode-queries.ts'
import { listVoices, unfinishedInstalls } from '../../storage/queries/voice-queries.ts'
import { sqlDialect } from '../../storage/sql-dialect.ts'
import { isFull } from '../../storage/storage-errors.ts'
import {
  emptyTrash,
  keysByName,
  moveToTrash,
  removeLeftovers,
  trashUnreferenced,
} from '../../storage/unreferenced-objects.ts'
import type { Application } from '../application.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import { totalCounts } from '../generations/generation-progress.ts'
import { stampServerRecipes } from '../voices/generation-recipes.ts'
import { purgeRemovals } from '../../storage/queries/removal-queries.ts'
import { renewCastings } from '../voices/voice-changes.ts'

type SweepParts = Pick<Application, 'db' | 'folder' | 'log' | 'objects' | 'problems' | 'unknownNovels'>

type RecoverParts = SweepParts &
  Pick<Application, 'activeGenerations' | 'dispatcher' | 'playbackPriorities' | 'voices'>

/**
 * At start: removes temporary files of the last run, and resumes unfinished generations. On a full disk a step is skipped
 * until there is space, or until the next start: what is spoken can be played without it.
 */
export async function recover(application: RecoverParts): Promise<void> {
  const { db, activeGenerations, dispatcher, log } = application
  const steps = [
    () => sweepOwnFiles(application),
    () => activeGenerations.reload(),
    () => stampServerRecipes(application),
    () => renewCastings(application),
    () => application.playbackPriorities.load(db, Date.now()),
    () => dispatcher.refresh(),
  ]
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      if (!isFull(error)) throw error
      log.warn({ err: error }, 'the disk is full: a step of the recovery is postponed')
    }
  }
}

const generationsPerPage = 50

/**
 * Background audit: reopens finished generations whose clips are missing (a lost `clips.db`), so that they are spoken
 * again.
 */
export async function auditFinished(
  application: Pick<Application, 'db' | 'counts' | 'dispatcher' | 'eventBus' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  const { db, counts, dispatcher, eventBus, log } = application
  let reopened = 0
  for (let offset = 0; ; offset += generationsPerPage) {
    const generations = await finishedGenerations(db, generationsPerPage, offset)
    for (const { id, desiredState, casting } of generations) {
      if (signal.aborted) return
      if (desiredState === 'cancelled') continue
      const { total, done, setAside } = await totalCounts(counts, casting, await chaptersByGeneration(db, id))
      if (done + setAside >= total) continue
      await updateGeneration(db, id, { completedAt: null })
      eventBus.publish({ kind: 'generation', id })
      reopened++
      // It is no longer among the finished ones, so the next page begins one row earlier.
      offset--
    }
    if (generations.length < generationsPerPage) break
    await yieldToEventLoop()
  }
  if (reopened > 0) {
    log.warn({ reopened }, 'finished generations lack clips and were reopened')
    await dispatcher.refresh()
  }
}

/** At start: removes the temporary files of the last run, and moves downloads that nobody asked for to the trash. */
async function sweepOwnFiles(application: SweepParts): Promise<void> {
  const { db, folder, log } = application
  await reportFileErrors(application, async () => {
    const removed = await sweepTemporaryFiles(folder)
    if (removed.length > 0) log.info({ removed }, 'files left by a crash were removed')
  })
  await reportFileErrors(application, () => refuseDanglingLinks(folder))
  await reportFileErrors(application, async () => {
    const installs = (await unfinishedInstalls(db)).map(({ id }) => id)
    const { names, moved } = await trashUnreferencedDownloads(folder, new Set(installs), Date.now())
    if (moved && names.length > 0)
      log.info({ part: 'downloads', names }, 'unreferenced files were moved to the trash')
    else
      reportUnknown(
        application,
        names.map((name) => `downloads/${name}`),
      )
  })
}

/** Another server may still be installing a voice whose files are younger. */
const installMs = 60 * 60_000
/** Likewise one that it unpacks. */
const unpackMs = 60 * 60_000

/**
 * On one server at a time: hides half imported novels and removes objects that the database lists as leftovers. Objects
 * that it lacks are never deleted, because the database may be older than the objects, or another one: re-makeable ones
 * are moved to the trash, as long as they are few; sources and voices stay and are reported. What is written at this
 * moment has its row first, so objects are listed before rows are read.
 */
export async function tidy(application: SweepParts): Promise<void> {
  const { db, objects, log, unknownNovels } = application
  const now = Date.now()
  await hideIncompleteNovels(db)
  await reportFileErrors(application, async () => {
    const before = sqlDialect(db).shared ? now - installMs : Infinity
    const removed = await removeLeftovers(objects, await leftoverFiles(db), before)
    await forgetLeftovers(db, removed)
  })
  const replaceable = async (part: 'covers' | 'recordings'): Promise<ReadonlyMap<string, string[]>> => {
    let keys: ReadonlyMap<string, string[]> = new Map()
    await reportFileErrors(application, async () => void (keys = await keysByName(objects, part)))
    return keys
  }
  const stored = {
    sources: await keysByName(objects, 'sources'),
    covers: await replaceable('covers'),
    recordings: await replaceable('recordings'),
    voices: await keysByName(objects, 'voices'),
  }
  const novels = await novelsWithFiles(db)
  const knownSources = new Set(novels.flatMap((id) => [id, sourceCardName(id)]))
  const sources = [...stored.sources.keys()].filter((name) => !knownSources.has(name))
  const unknownSources = sourceIdsAmong(sources)
  for (const id of unknownSources) unknownNovels.add(id)
  // A card is written before its source: a crash in between leaves the card alone.
  const cards = sources.filter(
    (name) => name.endsWith('.json') && !unknownSources.includes(name.replace(/\.json$/, '')),
  )
  const cardKeys = cards.map((name) => `sources/${name}`)
  await reportFileErrors(application, () => moveToTrash(objects, cardKeys, now))
  const unknownFiles = sources
    .filter((name) => !name.endsWith('.json') && !unknownSources.includes(name))
    .map((name) => `sources/${name}`)
  const folders = (await listVoices(db)).flatMap((voice) => foldersOf(voice).map((name) => `voices/${name}`))
  // One that another server is installing is a leftover until it is done.
  const voices = new Set([...folders, ...(await leftoverFiles(db))])
  for (const name of stored.voices.keys()) {
    if (!voices.has(`voices/${name}`)) unknownFiles.push(`voices/${name}`)
  }
  await reportFileErrors(application, async () => {
    unknownFiles.push(...(await unknownImports(application, now)))
  })
  const needed = {
    // A source that is to be re-imported has its cover already.
    covers: new Set([...novels, ...unknownSources]),
    recordings: new Set(await transcodeKeys(db)),
  }
  for (const part of ['covers', 'recordings'] as const) {
    await reportFileErrors(application, async () => {
      const { names, moved } = await trashUnreferenced(objects, stored[part], needed[part], now)
      if (names.length === 0) return
      if (moved) log.info({ part, names }, 'unreferenced files were moved to the trash')
      else unknownFiles.push(...names.map((name) => `${part}/${name}`))
    })
  }
  reportUnknown(application, unknownFiles)
  await purgeRemovals(application.db)
  await reportFileErrors(application, async () => void (await emptyTrash(objects, now)))
}

/** Files that wait to be imported, of which the database knows nothing. Of books of a zip the bytes come before their row. */
async function unknownImports({ db, objects }: SweepParts, now: number): Promise<string[]> {
  const old: string[] = []
  for await (const { key, modifiedAt } of objects.list('imports/'))
    if (modifiedAt < now - unpackMs) old.push(key)
  const known = new Set((await knownImportFiles(db)).map(importKey))
  return old.filter((key) => !known.has(key))
}

function reportUnknown({ folder, log, problems }: SweepParts, unknown: readonly string[]): void {
  if (unknown.length === 0) return
  const files = unknown.length === 1 ? `${unknown[0]}` : `${unknown[0]} and ${unknown.length - 1} more`
  log.warn({ files: unknown }, problems.report('storage.unknown-files', { folder: folder.root, files }))
}

/** Reports errors of the stores as a problem instead of throwing: nothing depends on the cleaning. */
async function reportFileErrors(
  { folder, log, problems }: Pick<Application, 'folder' | 'log' | 'problems'>,
  step: () => Promise<void>,
): Promise<void> {
  try {
    await step()
  } catch (error) {
    const isOfStore = error instanceof ObjectStoreError || (error instanceof Error && 'syscall' in error)
    if (!isOfStore) throw error
    log.error(
      { err: error },
      problems.report('storage.untidy', { folder: folder.root, detail: error.message }),
    )
  }
}
