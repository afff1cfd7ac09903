import { createHash } from 'node:crypto'
import { chaptersOf } from '../storage/queries/chapter-queries.ts'
import { clipsInOrder } from '../storage/queries/clip-queries.ts'
import { importReportOf, metadataOf, type NovelRow } from '../storage/queries/novel-queries.ts'
import { transcodeSizes } from '../storage/queries/transcode-queries.ts'
import type { Application } from '../jobs/application.ts'
import { yieldToEventLoop } from '../jobs/concurrency.ts'
import { inMegabytes } from '../storage/folder/disk-space.ts'
import { estimateTranscodeBytes, readTranscode } from '../storage/folder/transcode-files.ts'
import { layOutZip, type StoredZip, storedZipSize, zipRange } from './stored-zip.ts'
import { Failure } from '../novel/failure.ts'
import { fileName } from '../novel/file-name.ts'
import {
  type ChapterTranscode,
  type TranscodeFormat,
  transcodeKey,
  type TranscodeStatus,
  type TranscodeTags,
} from '../novel/chapter-transcode.ts'
import { embeddableCover } from './m4b/m4b-plan.ts'
import {
  pickRendition,
  type Rendition,
  requireComplete,
  type RenditionOptions,
} from '../playback/renditions.ts'

/** A chapter, or all that are ready, as files of another form: there, or on the way. */
export interface TranscodeSet {
  /** The hash of all that shapes it. */
  readonly id: string
  readonly form: TranscodeFormat
  readonly status: TranscodeStatus
  /** 0–100, over all chapters. */
  readonly percent: number
  /** Of one that failed. */
  readonly failure?: Failure
  /** In reading order. */
  readonly transcodes: readonly ChapterTranscode[]
}

/** Asks for a finished chapter as a file. Throws `audio.none`, `audio.unfinished`, `recording.too-large`. */
export async function requestChapterTranscode(
  application: Application,
  rendition: Rendition,
  form: TranscodeFormat,
): Promise<TranscodeSet> {
  requireComplete(application, rendition)
  return requestTranscodes(application, form, [await transcodeOf(application, rendition, form)])
}

/**
 * Asks for each narrated chapter of a novel that is finished as a file. Throws `recording.nothing-ready` when none is,
 * `recording.too-large`, and what `pickRendition` throws.
 */
export async function requestNovelTranscodes(
  application: Application,
  novel: NovelRow,
  form: TranscodeFormat,
  sound: RenditionOptions,
): Promise<TranscodeSet> {
  const wanted: ChapterTranscode[] = []
  for (const chapter of await chaptersOf(application.db, novel.id)) {
    if (chapter.narrated === 0) continue
    const rendition = await pickRendition(application, novel, chapter, sound)
    const { done, total } = rendition.counts
    if (total > 0 && done === total) wanted.push(await transcodeOf(application, rendition, form))
    await yieldToEventLoop()
  }
  if (wanted.length === 0) throw new Failure('recording.nothing-ready')
  return requestTranscodes(application, form, wanted)
}

async function transcodeOf(
  { db, voices }: Application,
  { novel, chapter, voice, recipe }: Rendition,
  form: TranscodeFormat,
): Promise<ChapterTranscode> {
  const clips = await clipsInOrder(db, chapter.id, recipe)
  const { published, series } = metadataOf(novel)
  const { chapters } = importReportOf(novel)
  const tags: TranscodeTags = {
    title: chapter.title,
    novelTitle: novel.title,
    author: novel.author,
    narrator: voices.nameOf(voice),
    number: chapter.number,
    of: chapters,
    language: novel.language,
    ...(published !== undefined && { published }),
    ...(series !== undefined && { series }),
  }
  return {
    key: transcodeKey({ form, novelId: novel.id, recipe, clips, tags }),
    novelId: novel.id,
    chapterId: chapter.id,
    form,
    recipe,
    tags,
    frames: clips.reduce((sum, { frames }) => sum + frames, 0),
    status: 'pending',
    createdAt: new Date().toISOString(),
    askedAt: Date.now(),
  }
}

/**
 * Bytes of the zip of these finished chapters in a form, without asking for any: foreseen for those that are not made
 * yet, so that it can be told before the download.
 */
export async function transcodedZipBytes(
  application: Application,
  finished: readonly Rendition[],
  form: TranscodeFormat,
): Promise<number> {
  const [first] = finished
  if (!first) return storedZipSize([])
  const sizes = await transcodeSizes(application.db, first.novel.id, form)
  const cover = await embeddableCover(application, first.novel)
  return storedZipSize(
    finished.map(({ chapter, recipe, counts }) => ({
      name: nameInZip(chapter, form),
      bytes:
        sizes.get(`${chapter.id}/${recipe}/${counts.frames}`) ??
        estimateTranscodeBytes(form, counts.frames, cover?.bytes.length),
    })),
  )
}

async function requestTranscodes(
  application: Application,
  form: TranscodeFormat,
  wanted: readonly ChapterTranscode[],
): Promise<TranscodeSet> {
  const { transcoder, transcodeCache: cache } = application
  const foreseen = sum(wanted, ({ frames }) => estimateTranscodeBytes(form, frames))
  if (foreseen > cache.limit) {
    const sizes = { bytes: inMegabytes(foreseen), limit: inMegabytes(cache.limit) }
    throw new Failure('recording.too-large', sizes)
  }
  return summarize(application, form, await transcoder.request(wanted))
}

function summarize(
  { transcoder }: Application,
  form: TranscodeFormat,
  recordings: readonly ChapterTranscode[],
): TranscodeSet {
  const states = recordings.map((each) => transcoder.stateOf(each))
  const [frames, done] = [sum(recordings, ({ frames: all }) => all), sum(states, weightedPercent(recordings))]
  const failed = recordings.find(({ status }) => status === 'failed')
  return {
    id: setIdOf(recordings),
    form,
    status: statusOf(new Set(states.map(({ status }) => status))),
    percent: frames > 0 ? done / frames : 0,
    ...(failed && {
      failure: new Failure('recording.failed', {
        title: failed.tags.title,
        detail: failed.errorMessage ?? 'the log has the details',
      }),
    }),
    transcodes: recordings,
  }
}

function sum<T>(values: readonly T[], of: (value: T, at: number) => number): number {
  return values.reduce((total, value, at) => total + of(value, at), 0)
}

/** A percentage of so many frames, in hundredths of a frame. */
const weightedPercent =
  (recordings: readonly ChapterTranscode[]) =>
  ({ percent }: { readonly percent: number }, at: number): number =>
    percent * (recordings[at]?.frames ?? 0)

/** Of all together. One that failed is told when nothing else can be done. */
function statusOf(statuses: ReadonlySet<TranscodeStatus>): TranscodeStatus {
  if (statuses.has('running')) return 'running'
  if (statuses.has('pending')) return statuses.has('completed') ? 'running' : 'pending'
  return statuses.has('failed') ? 'failed' : 'completed'
}

/** One chapter is its file, many are the files together. */
function setIdOf(wanted: readonly ChapterTranscode[]): string {
  const [first, ...others] = wanted
  if (first && others.length === 0) return first.key
  const hash = createHash('sha256')
  for (const { key } of wanted) hash.update(key)
  return hash.digest('hex').slice(0, 32)
}

/** The bytes `[start, end)` of a chapter's file, which stays until they are read. */
export async function* readTranscodedChapter(
  { folder, transcodeCache: cache }: Application,
  { key }: ChapterTranscode,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  using _ = cache.pin([key])
  yield* readTranscode(folder, key, start, end)
}

function nameInZip({ number, title }: { number: number; title: string }, form: TranscodeFormat): string {
  return `${String(number).padStart(4, '0')} ${fileName(title)}.${form}`
}

/** A zip of the files, not packed: nothing is written, and any range of it can be read. */
export function zipOfTranscodes({ form, transcodes }: TranscodeSet, written: Date): StoredZip {
  return layOutZip(
    transcodes.map(({ tags, bytes = 0, crc32 = 0 }) => ({
      name: nameInZip(tags, form),
      bytes,
      crc32,
    })),
    written,
  )
}

/** The bytes `[start, end)` of a zip, whose files all stay until they are read. */
export async function* readTranscodeZip(
  { folder, transcodeCache: cache }: Application,
  { transcodes }: TranscodeSet,
  zip: StoredZip,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  using _ = cache.pin(transcodes.map(({ key }) => key))
  for (const part of zipRange(zip, start, end)) {
    if ('own' in part) yield part.own
    else yield* readTranscode(folder, transcodes[part.file]?.key ?? '', part.start, part.end)
  }
}
