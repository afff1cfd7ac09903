import { createHash } from 'node:crypto'
import { yieldToEventLoop } from '../jobs/concurrency.ts'
import type { TranscodeCache } from '../jobs/transcodes/transcode-cache.ts'
import type { Transcoder } from '../jobs/transcodes/transcode-jobs.ts'
import {
  type ChapterTranscode,
  type TranscodeFormat,
  transcodeKey,
  type TranscodeStatus,
  type TranscodeTags,
} from '../novel/chapter-transcode.ts'
import { Failure } from '../novel/failure.ts'
import { fileName } from '../novel/file-name.ts'
import {
  type CountsHealth,
  pickRendition,
  type Rendition,
  type RenditionOptions,
  type Renditions,
  requireComplete,
} from '../playback/renditions.ts'
import { inMegabytes } from '../storage/local/disk-space.ts'
import { estimateTranscodeBytes, readTranscode } from '../storage/transcode-files.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { chaptersOf, countChapters } from '../storage/queries/chapter-queries.ts'
import { clipsInOrder } from '../storage/queries/clip-queries.ts'
import { metadataOf, type NovelRow } from '../storage/queries/novel-queries.ts'
import { transcodeSizes } from '../storage/queries/transcode-queries.ts'
import { embeddableCover } from './m4b/m4b-plan.ts'
import { layOutZip, type ZipFile, zipSize } from './zip-writer.ts'

/** What transcodes are made from, and where they are kept. */
export interface TranscodeSources extends Renditions {
  readonly objects: ObjectStore
  readonly transcoder: Transcoder
  readonly transcodeCache: TranscodeCache
}

/** The transcodes of a chapter or of all ready chapters, with their combined status. */
export interface TranscodeSet {
  /** Hash of the transcodes' keys. */
  readonly id: string
  readonly form: TranscodeFormat
  readonly status: TranscodeStatus
  /** 0–100, weighted by length. */
  readonly percent: number
  /** Of the first transcode that failed. */
  readonly failure?: Failure
  /** In reading order. */
  readonly transcodes: readonly ChapterTranscode[]
}

/**
 * Requests the transcode of a complete chapter. Throws `audio.none`, `audio.unfinished`, `storage.salvaging`,
 * `recording.too-large`.
 */
export async function requestChapterTranscode(
  context: TranscodeSources & CountsHealth,
  rendition: Rendition,
  form: TranscodeFormat,
): Promise<TranscodeSet> {
  requireComplete(context, rendition)
  const of = await countChapters(context.db, rendition.novel.id)
  return requestTranscodes(context, form, [await transcodeOf(context, rendition, form, of)])
}

/**
 * Requests the transcodes of all complete narrated chapters of a novel. Throws `recording.nothing-ready` if there are
 * none, `recording.too-large`, and what `pickRendition` throws.
 */
export async function requestNovelTranscodes(
  context: TranscodeSources,
  novel: NovelRow,
  form: TranscodeFormat,
  options: RenditionOptions,
): Promise<TranscodeSet> {
  const wanted: ChapterTranscode[] = []
  const chapters = await chaptersOf(context.db, novel.id)
  for (const chapter of chapters) {
    if (chapter.narrated === 0) continue
    const rendition = await pickRendition(context, novel, chapter, options)
    const { done, total } = rendition.counts
    if (total > 0 && done === total) wanted.push(await transcodeOf(context, rendition, form, chapters.length))
    await yieldToEventLoop()
  }
  if (wanted.length === 0) throw new Failure('recording.nothing-ready')
  return requestTranscodes(context, form, wanted)
}

async function transcodeOf(
  { db, voices }: Renditions,
  { novel, chapter, voice, casting }: Rendition,
  form: TranscodeFormat,
  chapterCount: number,
): Promise<ChapterTranscode> {
  const clips = await clipsInOrder(db, chapter.id, casting)
  const { published, series } = metadataOf(novel)
  const tags: TranscodeTags = {
    title: chapter.title,
    novelTitle: novel.title,
    author: novel.author,
    narrator: voices.nameOf(voice),
    number: chapter.number,
    of: chapterCount,
    language: novel.language,
    ...(published !== undefined && { published }),
    ...(series !== undefined && { series }),
  }
  return {
    key: transcodeKey({ form, novelId: novel.id, casting: casting.id, clips, tags }),
    novelId: novel.id,
    chapterId: chapter.id,
    form,
    casting: casting.id,
    tags,
    frames: clips.reduce((sum, { frames }) => sum + frames, 0),
    status: 'pending',
    createdAt: new Date().toISOString(),
    askedAt: Date.now(),
  }
}

/**
 * Size in bytes of the zip of these complete chapters, without requesting any transcode: estimated for those that do
 * not exist yet.
 */
export async function transcodedZipBytes(
  context: Pick<TranscodeSources, 'db' | 'objects'>,
  finished: readonly Rendition[],
  form: TranscodeFormat,
): Promise<number> {
  const [first] = finished
  if (!first) return zipSize([])
  const sizes = await transcodeSizes(context.db, first.novel.id, form)
  const cover = await embeddableCover(context, first.novel)
  return zipSize(
    finished.map(({ chapter, casting, counts }) => ({
      name: nameInZip(chapter, form),
      crc: 0,
      size:
        sizes.get(`${chapter.id}/${casting.id}/${counts.frames}`) ??
        estimateTranscodeBytes(form, counts.frames, cover?.bytes.length),
    })),
  )
}

async function requestTranscodes(
  context: Pick<TranscodeSources, 'transcoder' | 'transcodeCache'>,
  form: TranscodeFormat,
  wanted: readonly ChapterTranscode[],
): Promise<TranscodeSet> {
  const { transcoder, transcodeCache: cache } = context
  const estimate = sum(wanted, ({ frames }) => estimateTranscodeBytes(form, frames))
  if (estimate > cache.limit) {
    const sizes = { bytes: inMegabytes(estimate), limit: inMegabytes(cache.limit) }
    throw new Failure('recording.too-large', sizes)
  }
  return await summarize(context, form, await transcoder.request(wanted))
}

async function summarize(
  { transcoder }: Pick<TranscodeSources, 'transcoder'>,
  form: TranscodeFormat,
  transcodes: readonly ChapterTranscode[],
): Promise<TranscodeSet> {
  const states = await transcoder.statesOf(transcodes)
  const [frames, done] = [sum(transcodes, ({ frames: all }) => all), sum(states, weightedPercent(transcodes))]
  const failed = transcodes.find(({ status }) => status === 'failed')
  return {
    id: setIdOf(transcodes),
    form,
    status: statusOf(new Set(states.map(({ status }) => status))),
    percent: frames > 0 ? done / frames : 0,
    ...(failed && {
      failure: new Failure('recording.failed', {
        title: failed.tags.title,
        detail: failed.errorMessage ?? 'the log has the details',
      }),
    }),
    transcodes,
  }
}

function sum<T>(values: readonly T[], of: (value: T, at: number) => number): number {
  return values.reduce((total, value, at) => total + of(value, at), 0)
}

/** Percent × frames of the transcode at an index. */
const weightedPercent =
  (transcodes: readonly ChapterTranscode[]) =>
  ({ percent }: { readonly percent: number }, at: number): number =>
    percent * (transcodes[at]?.frames ?? 0)

/** The combined status; `failed` only when nothing is pending or running. */
function statusOf(statuses: ReadonlySet<TranscodeStatus>): TranscodeStatus {
  if (statuses.has('running')) return 'running'
  if (statuses.has('pending')) return statuses.has('completed') ? 'running' : 'pending'
  return statuses.has('failed') ? 'failed' : 'completed'
}

/** The transcode's own key for a single chapter, else a hash of all keys. */
function setIdOf(wanted: readonly ChapterTranscode[]): string {
  const [first, ...others] = wanted
  if (first && others.length === 0) return first.key
  const hash = createHash('sha256')
  for (const { key } of wanted) hash.update(key)
  return hash.digest('hex').slice(0, 32)
}

/** The bytes `[start, end)` of a chapter's transcode, pinned in the cache while it is read. */
export async function* readTranscodedChapter(
  { objects, transcodeCache: cache }: Pick<TranscodeSources, 'objects' | 'transcodeCache'>,
  { key }: ChapterTranscode,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  using _ = cache.pin([key])
  yield* readTranscode(objects, key, start, end)
}

function nameInZip({ number, title }: { number: number; title: string }, form: TranscodeFormat): string {
  return `${String(number).padStart(4, '0')} ${fileName(title)}.${form}`
}

/**
 * The computed zip of the transcodes, stored uncompressed: any range of it can be read. All transcodes are pinned in the
 * cache while it is read.
 */
export function zipOfTranscodes(
  { objects, transcodeCache: cache }: Pick<TranscodeSources, 'objects' | 'transcodeCache'>,
  { form, transcodes }: TranscodeSet,
  written: Date,
): ZipFile {
  const zip = layOutZip(
    transcodes.map(({ key, tags, bytes = 0, crc32 = 0 }) => ({
      name: nameInZip(tags, form),
      size: bytes,
      crc: crc32,
      read: (start, end) => readTranscode(objects, key, start, end),
    })),
    written,
  )
  return {
    size: zip.size,
    async *read(start, end) {
      using _ = cache.pin(transcodes.map(({ key }) => key))
      yield* zip.read(start, end)
    },
  }
}
