import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Application } from '../../jobs/application.ts'
import { Mutex } from '../../jobs/concurrency.ts'
import { frameSamples, sampleRate } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import { chapterAudio, chapterBytes, type ChapterLayoutCache } from '../../playback/chapter-audio.ts'
import { openingSilenceSeconds } from '../../playback/chapter-timeline.ts'
import type { Rendition, RenditionOptions } from '../../playback/renditions.ts'
import type { Database } from '../../storage/database-tables.ts'
import { coverPath, sourcePath } from '../../storage/folder/data-paths.ts'
import { chaptersOf, segmentsOf, storedBlocksAndSegments } from '../../storage/queries/chapter-queries.ts'
import { clipLengths } from '../../storage/queries/clip-queries.ts'
import { importReportOf, metadataOf, type NovelRow } from '../../storage/queries/novel-queries.ts'
import { type ChapterSelection, requireReady, selectExportChapters } from '../chapter-selection.ts'
import { layOutZip, type ZipEntry } from '../zip/zip-writer.ts'
import type { EpubEntry, EpubPlan, EpubPlanMessage, PlannedChapter } from './epub-plan.ts'

/** A read-along EPUB, which nobody has written: its text is made when it is asked for, its sound read from the clips. */
export interface EpubFileStream {
  /** Bytes of the whole file. */
  readonly size: number
  readonly etag: string
  readonly form: EpubText['form']
  /** Throws an `Error` when the novel was changed or deleted, or a clip was found damaged on the way. */
  read(): AsyncGenerator<Uint8Array>
}

/** Raised whenever the same novel would give other bytes. */
const formatVersion = 2

const maxTexts = 4
const maxSizes = 1000

/** The texts that were made last, some MB each: who asks for a size asks for the book next. */
export class EpubExporter {
  readonly #application: Application
  readonly #layouts: ChapterLayoutCache
  readonly #texts = new Map<string, Promise<EpubText>>()
  /** By key, of all that were made. */
  readonly #sizes = new Map<string, number>()
  /** One at a time: each takes as much memory as reading the book did. */
  readonly #mutex = new Mutex()

  constructor(application: Application, layouts: ChapterLayoutCache) {
    this.#application = application
    this.#layouts = layouts
  }

  /** Throws `book.unfinished`, `book.killed`, `audio.none`, `voice.unknown`, `voice.none`. */
  async build(novel: NovelRow, sound: RenditionOptions = {}): Promise<EpubFileStream> {
    const chapters = await selectExportChapters(this.#application, novel, sound)
    requireReady(chapters)
    const key = this.#keyOf(novel, chapters)
    const { form, files } = await this.#textOf(key, novel, chapters.ready)
    const renditions = new Map(chapters.ready.map((each) => [each.chapter.number, each]))
    const zip = layOutZip(
      files.map((file): ZipEntry => {
        if (!('chapterNumber' in file)) return file
        const rendition = renditions.get(file.chapterNumber)
        if (!rendition) throw new Error(`the EPUB names a chapter that is not spoken: ${file.name}`)
        const size = chapterBytes(this.#application, rendition)
        return { name: file.name, size, stream: () => this.#audioOf(rendition, size) }
      }),
    )
    this.#sizes.set(key, zip.size)
    if (this.#sizes.size > maxSizes) this.#sizes.clear()
    return { size: zip.size, etag: `"${key}"`, form, read: () => zip.read() }
  }

  /** Bytes of the EPUB as it is now, if it was made before; making one takes seconds. */
  sizeOf(novel: NovelRow, chapters: ChapterSelection): number | undefined {
    return this.#sizes.get(this.#keyOf(novel, chapters))
  }

  /** Another one whenever another file would be made. */
  #keyOf({ id, title, author }: NovelRow, { ready }: ChapterSelection): string {
    const { voices } = this.#application
    const sounds = ready.map(({ chapter, voice, recipe, counts }) => {
      const { frames, bytes, checksums } = counts
      return [chapter.number, chapter.title, voices.nameOf(voice), recipe, frames, bytes, checksums]
    })
    const whole = JSON.stringify([formatVersion, id, title, author, sounds])
    return createHash('sha256').update(whole).digest('hex').slice(0, 32)
  }

  async *#audioOf(rendition: Rendition, size: number): AsyncGenerator<Uint8Array> {
    const audio = await chapterAudio(this.#application, this.#layouts, rendition)
    if (audio.size !== size) throw new Error('a chapter was spoken again while its novel was being sent')
    yield* audio.read(0, audio.size)
  }

  async #textOf(key: string, novel: NovelRow, spoken: readonly Rendition[]): Promise<EpubText> {
    const kept = this.#texts.get(key)
    this.#texts.delete(key)
    const made = kept ?? this.#mutex.run(() => this.#buildText(novel, spoken))
    this.#texts.set(key, made)
    made.catch(() => this.#texts.delete(key))
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= maxTexts) break
      this.#texts.delete(oldest)
    }
    return made
  }

  /** A maker that is killed, for want of memory perhaps, is begun once more. */
  async #buildText(novel: NovelRow, spoken: readonly Rendition[]): Promise<EpubText> {
    const make = (): Promise<EpubText> =>
      buildEpubInProcess(this.#planHeadOf(novel, spoken), this.#chaptersOf(novel, spoken))
    try {
      return await make()
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'book.killed') throw error
      this.#application.log.warn(
        { novelId: novel.id },
        'the maker of an EPUB was killed and is begun once more',
      )
      return make()
    }
  }

  async *#chaptersOf({ id }: NovelRow, spoken: readonly Rendition[]): AsyncGenerator<PlannedChapter> {
    const { db } = this.#application
    const renditions = new Map(spoken.map((rendition) => [rendition.chapter.id, rendition]))
    for (const chapter of await chaptersOf(db, id)) {
      const rendition = renditions.get(chapter.id)
      yield {
        number: chapter.number,
        title: chapter.title,
        part: chapter.part ?? undefined,
        matter: chapter.matter,
        ...(await storedBlocksAndSegments(db, chapter.id)),
        times: rendition && (await segmentTimesOf(db, rendition)),
      }
    }
  }

  #planHeadOf(novel: NovelRow, spoken: readonly Rendition[]): Omit<EpubPlan, 'chapters'> {
    const { folder, voices } = this.#application
    const { id, title, author, language, coverType } = novel
    const metadata = metadataOf(novel)
    const { format } = importReportOf(novel)
    return {
      ...metadata,
      id,
      title,
      author,
      language,
      narrator: [...new Set(spoken.map(({ voice }) => voices.nameOf(voice)))].join(', '),
      modified: modifiedAt(novel, spoken),
      source: format === 'epub' ? sourcePath(folder, id) : undefined,
      cover:
        coverType === null
          ? undefined
          : {
              path: coverPath(folder, id),
              mediaType: coverType as NonNullable<EpubPlan['cover']>['mediaType'],
            },
    }
  }
}

/** Milliseconds at which each segment is begun to be heard, and at last the end. */
async function segmentTimesOf(db: Database, rendition: Rendition): Promise<number[]> {
  const [first] = await segmentsOf(db, rendition.chapter.id)
  const silence = await openingSilenceSeconds(db, rendition, first)
  const lengths = await clipLengths(db, rendition.chapter.id, rendition.recipe)
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
 * Readers tell two editions of a book apart by this date, and the same edition must have the same one: it grows by a
 * second with each segment that is spoken, from when the novel came.
 */
function modifiedAt({ createdAt }: NovelRow, spoken: readonly Rendition[]): string {
  const segments = spoken.reduce((sum, { counts }) => sum + counts.done, 0)
  return new Date(Date.parse(createdAt) + segments * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}

export interface EpubText {
  /** `original`: the files of the EPUB that the novel came from; `clean`: made of its blocks. */
  readonly form: 'original' | 'clean'
  readonly files: readonly EpubEntry[]
}

const heapMegabytes = 1024

/**
 * Makes the text of a read-along EPUB in a process of its own: a long novel takes seconds, in which the server answers.
 * Throws what `chapters` throws, `book.killed` if the process is killed, and an `Error` if it ends by itself before it is
 * done.
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
    throw new Error(`the maker of an EPUB ended before it was done: ${stderrTail}`, { cause })
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

/** Settles when it is told, or cannot be any more: that the process is gone is said by its end. */
function sendToWorker(maker: ChildProcess, message: EpubPlanMessage): Promise<void> {
  return new Promise((resolve) => {
    maker.send(message, () => resolve())
  })
}
