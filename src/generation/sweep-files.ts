import { forgetLeftovers, leftoverFiles } from '../database/leftover-files.ts'
import { novelFiles } from '../database/novels.ts'
import { completedTranscodes } from '../database/recordings.ts'
import { unfinishedInstalls } from '../database/voice-installs.ts'
import { listVoices } from '../database/voices.ts'
import { sourceCardName } from '../library/folder.ts'
import { removeLeftovers, sweepTemporaryFiles, trashUnreferenced, unreferencedNames } from '../library/sweep.ts'
import { emptyTrash, moveToTrash, type Replaceable } from '../library/trash.ts'
import { sourceIdsAmong } from '../library/unknown-sources.ts'
import type { Application } from './studio.ts'

/**
 * At start: removes what the last run left half written and what the database has noted as deleted. What it does not
 * know is never removed, for the database may be older than the files, or another one: what can be made again goes into
 * the trash, as long as it is little; books and voices stay, and are told.
 */
export async function sweepFiles(application: Application): Promise<void> {
  const { db, folder, log, problems, unknownNovels } = application
  const now = Date.now()
  await reportFileErrors(application, async () => {
    const removed = await sweepTemporaryFiles(folder)
    if (removed.length > 0) log.info({ removed }, 'files left by a crash were removed')
  })
  await reportFileErrors(application, async () => {
    const leftovers = await leftoverFiles(db)
    await removeLeftovers(folder, leftovers)
    await forgetLeftovers(db, leftovers)
  })

  const novels = (await novelFiles(db)).map(({ id }) => id)
  const sources = await unreferencedNames(folder, 'sources', new Set(novels.flatMap((id) => [id, sourceCardName(id)])))
  const books = sourceIdsAmong(sources)
  for (const id of books) unknownNovels.add(id)
  // A card is written before its book, which a crash can keep from coming.
  const cards = sources.filter(
    (name) => name.endsWith('.json') && !books.includes(name.replace(/\.json$/, '')),
  )
  await reportFileErrors(application, () => moveToTrash(folder, 'sources', cards, now))
  const voices = (await listVoices(db)).map((voice) => voice.folder)
  const installs = (await unfinishedInstalls(db)).map(({ id }) => id)
  const recordings = (await completedTranscodes(db)).map(({ key }) => key)
  const unknownFiles = sources
    .filter((name) => !name.endsWith('.json') && !books.includes(name))
    .map((name) => `sources/${name}`)
  unknownFiles.push(...(await unreferencedNames(folder, 'voices', new Set(voices))).map((name) => `voices/${name}`))
  const needed: Readonly<Record<Replaceable, readonly string[]>> = {
    // A book that is taken up again has its cover already.
    covers: [...novels, ...books],
    downloads: installs,
    recordings,
  }
  for (const part of ['covers', 'downloads', 'recordings'] as const) {
    await reportFileErrors(application, async () => {
      const { names, moved } = await trashUnreferenced(folder, part, new Set(needed[part]), now)
      if (names.length === 0) return
      if (moved) log.info({ part, names }, 'files that nothing refers to were put into the trash')
      else unknownFiles.push(...names.map((name) => `${part}/${name}`))
    })
  }
  if (unknownFiles.length > 0) {
    const files = unknownFiles.length === 1 ? `${unknownFiles[0]}` : `${unknownFiles[0]} and ${unknownFiles.length - 1} more`
    log.warn({ files: unknownFiles }, problems.report('storage.unknown-files', { folder: folder.root, files }))
  }
  await reportFileErrors(application, async () => void (await emptyTrash(folder, now)))
}

/** What the file system refuses is told and stays: nothing that is made or heard needs it tidied up. */
async function reportFileErrors({ folder, log, problems }: Application, step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    log.error({ err: error }, problems.report('storage.untidy', { folder: folder.root, detail: error.message }))
  }
}
