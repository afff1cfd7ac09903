import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { AcceptedChapters, Progress } from '../http/contract/generation-contract.ts'
import type { ChapterListed, Novel } from '../http/contract/novel-contract.ts'
import type { RecognisedVersion } from '../http/contract/version-contract.ts'
import { withQuery } from '../http/protocol/public-urls.ts'
import { formatChapters, parseChapters } from '../novel/chapter-range.ts'
import { Failure } from '../novel/failure.ts'
import { fileName } from '../novel/file-name.ts'
import { makeFolders } from '../storage/local/durable-files.ts'
import { ApiClient, ApiError, type CliContext } from './api-client.ts'
import { downloadWithProgress } from './export-command.ts'
import { downloadFile } from './file-download.ts'
import { ProgressLine } from './progress-line.ts'

interface ImportedBook {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
  readonly version?: RecognisedVersion
  readonly unchanged?: true
}

export interface ImportOptions {
  /** Another version of a novel that is there is taken over at once. */
  readonly take?: boolean | undefined
  /** Or becomes a novel of its own. */
  readonly separate?: boolean | undefined
  /** New chapters of what is taken over are spoken by themselves, now and later. */
  readonly 'speak-new'?: boolean | undefined
}

/**
 * Imports files one after the other and prints a summary of each. Another version of a novel that is there is compared with it,
 * and taken over if that is wished. Returns 1 if one could not be imported.
 */
export async function importBooks(
  context: CliContext,
  files: readonly string[],
  options: ImportOptions = {},
): Promise<number> {
  await using client = await ApiClient.connect(context, { work: false })
  let failed = 0
  for (const file of files) {
    try {
      const { novel, chapters, version, unchanged } = await uploadBook(client, file, options)
      if (unchanged) {
        console.log(`${novel.title} is there already, and nothing in it changed\n  ${novel.id}`)
        continue
      }
      if (version) {
        await printVersion(client, novel, version, options)
        continue
      }
      const { report } = novel
      console.log(`${novel.title} by ${novel.author || 'nobody named'} (${novel.language})`)
      const narrated = chapters.filter((chapter) => chapter.narrated).length
      console.log(
        `  ${chapters.length} chapters by ${report.evidence}, ${narrated} to be narrated, ${report.characters} characters`,
      )
      for (const remark of report.remarks) console.log(`  ${remark}`)
      console.log(`  ${novel.id}`)
    } catch (error) {
      if (!(error instanceof Failure || error instanceof ApiError)) throw error
      failed++
      console.error(error.message)
    }
  }
  return failed > 0 ? 1 : 0
}

/** Throws `novel.unreadable` if there is no such file; `ApiError` if it is not a book. */
async function uploadBook(
  client: ApiClient,
  file: string,
  { separate = false }: Pick<ImportOptions, 'separate'> = {},
): Promise<ImportedBook> {
  const form = new FormData()
  try {
    form.append('file', await openAsBlob(file), basename(file))
  } catch (cause) {
    throw new Failure('novel.unreadable', { file, detail: 'there is no such file' }, { cause })
  }
  return client.post<ImportedBook>(
    withQuery('/api/novels', { separate: separate ? 'true' : undefined }),
    form,
  )
}

/** Says how a version differs from its novel, and takes it over if that is wished. */
async function printVersion(
  client: ApiClient,
  { id, title }: Novel,
  version: RecognisedVersion,
  options: ImportOptions,
): Promise<void> {
  const { added, changed, gone, sentences, kept, anew, new: fresh } = version.difference
  console.log(`${title} is there already; this is another version of it`)
  console.log(`  ${added} chapters are new, ${changed} changed, ${gone} gone`)
  console.log(
    `  keeps the audio of ${kept} of ${sentences} sentences; ${anew.segments} to be spoken anew, ${fresh.segments} in new chapters`,
  )
  if (options.take) {
    const speakNew = options['speak-new']
    await client.post(`/api/novels/${id}/versions/${version.id}/take`, {
      ...(speakNew !== undefined && { speakNew }),
    })
    console.log('  taken over; it can be undone on the page where chapters are reviewed')
  } else
    console.log(
      '  nothing was taken over: import it again with --take, or with --separate as a novel of its own',
    )
  console.log(`  ${id}`)
}

export interface NarrateOptions {
  readonly chapters?: string | undefined
  readonly voice?: string | undefined
  readonly speed?: string | undefined
  readonly out?: string | undefined
}

/** Above the default, because a user waits at the terminal. */
const priority = 10
const pollIntervalMs = 500

/**
 * Imports a book, generates it, and writes each chapter into a folder as soon as it is complete, or all of them into
 * one `.m4b` at the end. A second run continues. Returns 1 if it was interrupted, segments were set aside, or the
 * generation was cancelled elsewhere.
 */
export async function narrate(context: CliContext, file: string, options: NarrateOptions): Promise<number> {
  const wanted = {
    ...(options.chapters !== undefined && { chapterNumbers: parseChapters(options.chapters) }),
    ...(options.voice !== undefined && { voice: options.voice }),
    ...(options.speed !== undefined && { speed: parseSpeed(options.speed) }),
  }
  await using client = await ApiClient.connect(context, { work: true })
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  process.once('SIGTERM', () => interrupted.abort())
  const { novel, version } = await uploadBook(client, file)
  if (version)
    console.error(
      `This is another version of ${novel.title}, which is spoken as it is. Take it over with "nightjar import --take FILE" first.`,
    )
  const path = `/api/worker/generate/${wanted.chapterNumbers ? 'batch' : 'all'}`
  const { progressId } = await client.post<AcceptedChapters>(path, {
    novelId: novel.id,
    priority,
    ...wanted,
  })
  const out = options.out ?? fileName(novel.title)
  const asBook = out.toLowerCase().endsWith('.m4b')
  if (!asBook) makeFolder(out)
  const progress = await waitForNarration(
    client,
    novel,
    progressId,
    asBook ? undefined : out,
    interrupted.signal,
  )
  if (!progress) {
    console.error('Stopped. What is spoken is kept; the same command goes on from here.')
    return 1
  }
  for (const failed of progress.failedSegments) {
    console.error(`Set aside in chapter ${failed.chapterNumber}: "${failed.text}" (${failed.reason})`)
  }
  if (asBook && progress.status !== 'cancelled') {
    const { voice, speed } = progress
    const chapters =
      wanted.chapterNumbers && formatChapters(completedChapters(progress) ?? wanted.chapterNumbers)
    const address = withQuery(`/api/novels/${novel.id}/book.m4b`, { voice, speed, chapters })
    await downloadWithProgress(client, address, out)
    console.log(out)
  }
  if (progress.status !== 'completed') {
    console.error(`The work ended as ${progress.status}.`)
    return 1
  }
  if (!asBook) console.log(`${progress.chapters.length} chapters of ${novel.title} are in ${out}`)
  return 0
}

function makeFolder(path: string): void {
  try {
    makeFolders(path)
  } catch (cause) {
    throw new Failure('export.unwritable', { file: path, detail: (cause as Error).message }, { cause })
  }
}

/** Numbers of the completed chapters; `undefined` if there is none. */
function completedChapters({ chapters }: Progress): number[] | undefined {
  const spoken = chapters.filter(({ status }) => status === 'completed')
  return spoken.length > 0 ? spoken.map(({ chapterNumber }) => chapterNumber) : undefined
}

/**
 * Polls a generation until it has ended and returns its last progress; `undefined` if aborted. With a `folder`, writes
 * each chapter there when it is completed.
 */
async function waitForNarration(
  client: ApiClient,
  novel: Novel,
  progressId: string,
  folder: string | undefined,
  signal: AbortSignal,
): Promise<Progress | undefined> {
  const bar = new ProgressLine()
  const written = new Set<number>()
  try {
    while (!signal.aborted) {
      const { progress } = await client.get<{ progress: Progress }>(`/api/worker/progress/${progressId}`)
      bar.drawProgress(progress)
      for (const chapter of progress.chapters) {
        if (folder === undefined || chapter.status !== 'completed') continue
        if (written.has(chapter.chapterNumber)) continue
        await downloadChapter(client, novel, progress, chapter, folder)
        written.add(chapter.chapterNumber)
      }
      if (['completed', 'failed', 'cancelled'].includes(progress.status)) return progress
      await wait(pollIntervalMs, undefined, { signal }).catch(() => undefined)
    }
    return undefined
  } finally {
    bar.end()
  }
}

async function downloadChapter(
  client: ApiClient,
  novel: Novel,
  { voice, speed }: Progress,
  { chapterNumber, title }: Progress['chapters'][number],
  folder: string,
): Promise<void> {
  const address = withQuery(`/api/novels/${novel.id}/chapters/${chapterNumber}/audio.m4a`, { voice, speed })
  const target = join(folder, `${String(chapterNumber).padStart(4, '0')} ${fileName(title)}.m4a`)
  const head = await client.fetch(address, { method: 'HEAD' })
  const size = Number(head.headers.get('content-length'))
  const present = await stat(target).catch(() => undefined)
  if (head.ok && present?.size === size) return
  await downloadFile(client, address, target)
}

function parseSpeed(text: string): number {
  const speed = Number(text)
  if (speed >= 0.5 && speed <= 2) return speed
  throw new Failure('request.invalid', { detail: `the speed is 0.5 to 2, not ${text}` })
}
