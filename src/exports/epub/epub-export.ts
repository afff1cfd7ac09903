import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { LRUCache } from 'lru-cache'
import { Mutex } from '../../jobs/concurrency.ts'
import { frameSamples, sampleRate } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import {
  chapterAudio,
  chapterBytes,
  type ChapterLayoutCache,
  type ChapterSound,
} from '../../playback/chapter-audio.ts'
import { openingSilenceSeconds } from '../../playback/chapter-timeline.ts'
import type { Rendition, RenditionOptions } from '../../playback/renditions.ts'
import type { Database } from '../../storage/database-tables.ts'
import { coverKey, sourceKey } from '../../storage/object-keys.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { chaptersOf, segmentsOf, storedChapterText } from '../../storage/queries/chapter-queries.ts'
import { clipLengths } from '../../storage/queries/clip-queries.ts'
import { importReportOf } from '../../storage/queries/import-report.ts'
import { metadataOf, type NovelRow } from '../../storage/queries/novel-queries.ts'
import { sourceIdOf } from '../../storage/queries/novel-version-queries.ts'
import { type ChapterSelection, requireReady, selectExportChapters } from '../chapter-selection.ts'
import { layOutZip, type ZipEntry } from '../zip-writer.ts'
import type { EpubEntry, EpubPlan, EpubPlanMessage, PlannedChapter } from './epub-plan.ts'

/** The text part of a read-along EPUB, as the worker process builds it. */
export interface EpubText {
  /** `original`: the entries of the novel's source EPUB; `clean`: generated from its blocks. */
  readonly form: 'original' | 'clean'
  readonly files: readonly EpubEntry[]
}

/** A computed read-along EPUB: its text is built on request, its audio is read from the clips while it is sent. */
export interface EpubFileStream {
  /** Bytes of the whole file. */
  readonly size: number
  readonly etag: string
  readonly form: EpubText['form']
  /** Throws an `Error` when the novel was changed or deleted meanwhile, or a clip is corrupt. */
  read(): AsyncGenerator<Uint8Array>
}

/** What EPUBs are made of. */
interface EpubSources extends ChapterSound {
  readonly objects: ObjectStore
}

/** To be raised when the same novel gives different bytes. */
const formatVersion = 4

const heapMegabytes = 1024

/** Builds read-along EPUBs. Caches the last 4 texts, a few MB each: a request for the size precedes the download. */
export class EpubExporter {
  readonly #context: EpubSources
  readonly #layouts: ChapterLayoutCache
  readonly #texts = new LRUCache<string, Promise<EpubText>>({ max: 4 })
  /** File sizes by key. */
  readonly #sizes = new LRUCache<string, number>({ max: 1000 })
  /** One build at a time: each takes as much memory as importing the book. */
  readonly #mutex = new Mutex()

  constructor(context: EpubSources, layouts: ChapterLayoutCache) {
    this.#context = context
    this.#layouts = layouts
  }

  /** Throws `book.unfinished`, `book.killed`, `audio.none`, `voice.unknown`, `voice.none`. */
  async build(novel: NovelRow, options: RenditionOptions = {}): Promise<EpubFileStream> {
    const chapters = await selectExportChapters(this.#context, novel, options)
    requireReady(chapters)
    const key = this.#keyOf(novel, chapters)
    const { form, files } = await this.#textOf(key, novel, chapters.ready)
    const renditions = new Map(chapters.ready.map((each) => [each.chapter.number, each]))
    const zip = layOutZip(
      files.map((file): ZipEntry => {
        if (!('chapterNumber' in file)) return packedEntry(file)
        const rendition = renditions.get(file.chapterNumber)
        if (!rendition) throw new Error(`the EPUB refers to a chapter that is not complete: ${file.name}`)
        const size = chapterBytes(this.#context, rendition)
        return { name: file.name, size, read: (start, end) => this.#audioOf(rendition, size, start, end) }
      }),
    )
    this.#sizes.set(key, zip.size)
    return { size: zip.size, etag: `"${key}"`, form, read: () => zip.read() }
  }

  /** Bytes of the EPUB in its current state; `undefined` unless it was built before, because that takes seconds. */
  sizeOf(novel: NovelRow, chapters: ChapterSelection): number | undefined {
    return this.#sizes.get(this.#keyOf(novel, chapters))
  }

  /** Hash of everything that the file depends on. */
  #keyOf({ id, title, author, source }: NovelRow, { ready }: ChapterSelection): string {
    const { voices } = this.#context
    const sounds = ready.map(({ chapter, voice, casting, counts }) => {
      const { frames, bytes, checksums } = counts
      return [chapter.number, chapter.title, voices.nameOf(voice), casting.id, frames, bytes, checksums]
    })
    const whole = JSON.stringify([
      formatVersion,
      id,
      title,
      author,
      sounds,
      ...(source === null ? [] : [source]),
    ])
    return createHash('sha256').update(whole).digest('hex').slice(0, 32)
  }

  async *#audioOf(
    rendition: Rendition,
    size: number,
    start: number,
    end: number,
  ): AsyncGenerator<Uint8Array> {
    const audio = await chapterAudio(this.#context, this.#layouts, rendition)
    if (audio.size !== size) throw new Error('a chapter changed while its EPUB was being sent')
    yield* audio.read(start, end)
  }

  async #textOf(key: string, novel: NovelRow, spoken: readonly Rendition[]): Promise<EpubText> {
    const cached = this.#texts.get(key)
    if (cached) return cached
    const text = this.#mutex.run(() => this.#buildText(novel, spoken))
    this.#texts.set(key, text)
    text.catch(() => this.#texts.delete(key))
    return text
  }

  /** Retries once if the worker is killed, e.g. for lack of memory. */
  async #buildText(novel: NovelRow, spoken: readonly Rendition[]): Promise<EpubText> {
    const { objects, log } = this.#context
    const isEpub = importReportOf(novel).format === 'epub'
    await using source = isEpub ? await objects.localFile(sourceKey(sourceIdOf(novel))) : undefined
    await using cover = novel.coverType === null ? undefined : await objects.localFile(coverKey(novel.id))
    const head = this.#planHeadOf(novel, spoken, { source: source?.path, cover: cover?.path })
    const build = (): Promise<EpubText> => buildEpubInProcess(head, this.#chaptersOf(novel, spoken))
    try {
      return await build()
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'book.killed') throw error
      log.warn({ novelId: novel.id }, 'the EPUB worker was killed; retrying once')
      return await build()
    }
  }

  async *#chaptersOf({ id }: NovelRow, spoken: readonly Rendition[]): AsyncGenerator<PlannedChapter> {
    const { db } = this.#context
    const renditions = new Map(spoken.map((rendition) => [rendition.chapter.id, rendition]))
    for (const chapter of await chaptersOf(db, id)) {
      const rendition = renditions.get(chapter.id)
      yield {
        number: chapter.number,
        title: chapter.title,
        part: chapter.part ?? undefined,
        matter: chapter.matter,
        ...(await requiredText(db, chapter.id)),
        times: rendition && (await segmentTimesOf(db, rendition)),
      }
    }
  }

  #planHeadOf(
    novel: NovelRow,
    spoken: readonly Rendition[],
    paths: { readonly source: string | undefined; readonly cover: string | undefined },
  ): Omit<EpubPlan, 'chapters'> {
    const { voices } = this.#context
    const { id, title, author, language, coverType } = novel
    const metadata = metadataOf(novel)
    return {
      ...metadata,
      id,
      title,
      author,
      language,
      narrator: [...new Set(spoken.map(({ voice }) => voices.nameOf(voice)))].join(', '),
      modified: modifiedAt(novel, spoken),
      source: paths.source,
      cover:
        coverType === null || paths.cover === undefined
          ? undefined
          : {
              path: paths.cover,
              mediaType: coverType as NonNullable<EpubPlan['cover']>['mediaType'],
            },
    }
  }
}

async function requiredText(db: Database, chapterId: number) {
  const text = await storedChapterText(db, chapterId)
  if (text === undefined) throw new Error(`chapter ${chapterId} was replaced while its EPUB was made`)
  return text
}

/** Start of each segment in milliseconds, followed by the end of the chapter. */
async function segmentTimesOf(db: Database, rendition: Rendition): Promise<number[]> {
  const [first] = await segmentsOf(db, rendition.chapter.id)
  const silence = await openingSilenceSeconds(db, rendition, first)
  const lengths = await clipLengths(db, rendition.chapter.id, rendition.casting)
  let frames = 0
  const milliseconds = (): number => Math.round((frames * frameSamples * 1000) / sampleRate)
  return [
    ...lengths.map((length, at) => {
      const from = at === 0 ? Math.round(silence * 1000) : milliseconds()
      frames += length ?? 0
      return from
    }),
    milliseconds(),
  ]
}

/**
 * `dcterms:modified`: reading systems tell editions of a book apart by it, so the same edition must have the same date.
 * It is the novel's import time plus one second per spoken segment.
 */
function modifiedAt({ createdAt }: NovelRow, spoken: readonly Rendition[]): string {
  const segments = spoken.reduce((sum, { counts }) => sum + counts.done, 0)
  return new Date(Date.parse(createdAt) + segments * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}

function packedEntry(file: Exclude<EpubEntry, { chapterNumber: number }>): ZipEntry {
  if ('bytes' in file)
    return { ...file, packedSize: file.bytes.length, read: (start, end) => [file.bytes.subarray(start, end)] }
  const { file: path, start: from } = file
  return {
    ...file,
    read: (start, end) =>
      createReadStream(path, { start: from + start, end: from + end - 1 }) as AsyncIterable<Uint8Array>,
  }
}

/**
 * Builds the text of a read-along EPUB in a forked process, because a long novel takes seconds of CPU time. Throws what
 * `chapters` throws, `book.killed` if the process is killed, and an `Error` if it exits before it is done.
 */
async function buildEpubInProcess(
  head: Omit<EpubPlan, 'chapters'>,
  chapters: AsyncIterable<PlannedChapter>,
): Promise<EpubText> {
  const worker = fork(new URL('./epub-worker.ts', import.meta.url), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [`--max-old-space-size=${heapMegabytes}`],
  })
  const ended = new AbortController()
  let stderrTail = ''
  worker.stderr?.on('data', (chunk) => (stderrTail = `${stderrTail}${String(chunk)}`.slice(-2000)))
  worker.once('exit', () => ended.abort())
  worker.on('error', (error) => ended.abort(error))
  const result = once(worker, 'message', { signal: ended.signal }).catch((cause: unknown) => {
    if (worker.signalCode !== null) throw new Failure('book.killed', {}, { cause })
    throw new Error(`the EPUB worker exited before it was done: ${stderrTail}`, { cause })
  })
  result.catch(() => undefined)
  try {
    for await (const chapter of chapters) await Promise.race([sendToWorker(worker, { chapter }), result])
    await Promise.race([sendToWorker(worker, { head }), result])
    return (await result)[0] as EpubText
  } finally {
    worker.kill('SIGKILL')
  }
}

/** Resolves when the message is sent or cannot be sent; the worker's exit is reported by its `exit` event. */
function sendToWorker(worker: ChildProcess, message: EpubPlanMessage): Promise<void> {
  return new Promise((resolve) => {
    worker.send(message, () => resolve())
  })
}
