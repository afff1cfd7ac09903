import { createHash } from 'node:crypto'
import { chaptersOf } from '../database/chapters.ts'
import { clipsInOrder } from '../database/clips.ts'
import { reportOf } from '../database/import-report.ts'
import { metadataOf, type NovelRow } from '../database/novels.ts'
import { recordedSizes } from '../database/recordings.ts'
import type { Studio } from '../generation/studio.ts'
import { breathe } from '../generation/turns.ts'
import { inMegabytes } from '../library/disk.ts'
import { estimateBytes, readRecording } from '../library/recording-file.ts'
import { layOutZip, type StoredZip, storedZipSize, zipRange } from '../library/stored-zip.ts'
import { Failure } from '../novel/failure.ts'
import { fileName } from '../novel/file-name.ts'
import {
  type Recording,
  type RecordingForm,
  recordingKey,
  type RecordingStatus,
  type RecordingTags,
} from '../novel/recording.ts'
import { coverOf } from './book-plan.ts'
import { pickRendition, type Rendition, requireComplete, type Sound } from './rendition.ts'

/** A chapter, or all that are ready, as files of another form: there, or on the way. */
export interface Recorded {
  /** The hash of all that shapes it. */
  readonly id: string
  readonly form: RecordingForm
  readonly status: RecordingStatus
  /** 0–100, over all chapters. */
  readonly percent: number
  /** Of one that failed. */
  readonly failure?: Failure
  /** In reading order. */
  readonly recordings: readonly Recording[]
}

/** Asks for a finished chapter as a file. Throws `audio.none`, `audio.unfinished`, `recording.too-large`. */
export async function recordedChapter(
  studio: Studio,
  rendition: Rendition,
  form: RecordingForm,
): Promise<Recorded> {
  requireComplete(studio, rendition)
  return ask(studio, form, [await wantedOf(studio, rendition, form)])
}

/**
 * Asks for each narrated chapter of a novel that is finished as a file. Throws `recording.nothing-ready` when none is,
 * `recording.too-large`, and what `pickRendition` throws.
 */
export async function recordedNovel(
  studio: Studio,
  novel: NovelRow,
  form: RecordingForm,
  sound: Sound,
): Promise<Recorded> {
  const wanted: Recording[] = []
  for (const chapter of await chaptersOf(studio.db, novel.id)) {
    if (chapter.narrated === 0) continue
    const rendition = await pickRendition(studio, novel, chapter, sound)
    const { done, total } = rendition.tally
    if (total > 0 && done === total) wanted.push(await wantedOf(studio, rendition, form))
    await breathe()
  }
  if (wanted.length === 0) throw new Failure('recording.nothing-ready')
  return ask(studio, form, wanted)
}

async function wantedOf(
  { db, voices }: Studio,
  { novel, chapter, voice, recipe }: Rendition,
  form: RecordingForm,
): Promise<Recording> {
  const clips = await clipsInOrder(db, chapter.id, recipe)
  const { published, series } = metadataOf(novel)
  const { chapters } = reportOf(novel)
  const tags: RecordingTags = {
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
    key: recordingKey({ form, novelId: novel.id, recipe, clips, tags }),
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
export async function recordedBytes(
  studio: Studio,
  finished: readonly Rendition[],
  form: RecordingForm,
): Promise<number> {
  const [first] = finished
  if (!first) return storedZipSize([])
  const made = await recordedSizes(studio.db, first.novel.id, form)
  const cover = await coverOf(studio, first.novel)
  return storedZipSize(
    finished.map(({ chapter, recipe, tally }) => ({
      name: nameInZip(chapter, form),
      bytes:
        made.get(`${chapter.id}/${recipe}/${tally.frames}`) ??
        estimateBytes(form, tally.frames, cover?.bytes.length),
    })),
  )
}

async function ask(studio: Studio, form: RecordingForm, wanted: readonly Recording[]): Promise<Recorded> {
  const { recorder, recordings: shelf } = studio
  const foreseen = sum(wanted, ({ frames }) => estimateBytes(form, frames))
  if (foreseen > shelf.limit) {
    const sizes = { bytes: inMegabytes(foreseen), limit: inMegabytes(shelf.limit) }
    throw new Failure('recording.too-large', sizes)
  }
  return summed(studio, form, await recorder.request(wanted))
}

function summed({ recorder }: Studio, form: RecordingForm, recordings: readonly Recording[]): Recorded {
  const states = recordings.map((each) => recorder.stateOf(each))
  const [frames, done] = [sum(recordings, ({ frames: all }) => all), sum(states, framesOf(recordings))]
  const failed = recordings.find(({ status }) => status === 'failed')
  return {
    id: idOf(recordings),
    form,
    status: statusOf(new Set(states.map(({ status }) => status))),
    percent: frames > 0 ? done / frames : 0,
    ...(failed && {
      failure: new Failure('recording.failed', {
        title: failed.tags.title,
        detail: failed.errorMessage ?? 'the log has the details',
      }),
    }),
    recordings,
  }
}

function sum<T>(values: readonly T[], of: (value: T, at: number) => number): number {
  return values.reduce((total, value, at) => total + of(value, at), 0)
}

/** A percentage of so many frames, in hundredths of a frame. */
const framesOf =
  (recordings: readonly Recording[]) =>
  ({ percent }: { readonly percent: number }, at: number): number =>
    percent * (recordings[at]?.frames ?? 0)

/** Of all together. One that failed is told when nothing else can be done. */
function statusOf(statuses: ReadonlySet<RecordingStatus>): RecordingStatus {
  if (statuses.has('running')) return 'running'
  if (statuses.has('pending')) return statuses.has('completed') ? 'running' : 'pending'
  return statuses.has('failed') ? 'failed' : 'completed'
}

/** One chapter is its file, many are the files together. */
function idOf(wanted: readonly Recording[]): string {
  const [first, ...others] = wanted
  if (first && others.length === 0) return first.key
  const hash = createHash('sha256')
  for (const { key } of wanted) hash.update(key)
  return hash.digest('hex').slice(0, 32)
}

/** The bytes `[start, end)` of a chapter's file, which stays until they are read. */
export async function* readChapter(
  { folder, recordings: shelf }: Studio,
  { key }: Recording,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  using _ = shelf.hold([key])
  yield* readRecording(folder, key, start, end)
}

function nameInZip({ number, title }: { number: number; title: string }, form: RecordingForm): string {
  return `${String(number).padStart(4, '0')} ${fileName(title)}.${form}`
}

/** A zip of the files, not packed: nothing is written, and any range of it can be read. */
export function zipOf({ form, recordings }: Recorded, written: Date): StoredZip {
  return layOutZip(
    recordings.map(({ tags, bytes = 0, crc32 = 0 }) => ({
      name: nameInZip(tags, form),
      bytes,
      crc32,
    })),
    written,
  )
}

/** The bytes `[start, end)` of a zip, whose files all stay until they are read. */
export async function* readZip(
  { folder, recordings: shelf }: Studio,
  { recordings }: Recorded,
  zip: StoredZip,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  using _ = shelf.hold(recordings.map(({ key }) => key))
  for (const part of zipRange(zip, start, end)) {
    if ('own' in part) yield part.own
    else yield* readRecording(folder, recordings[part.file]?.key ?? '', part.start, part.end)
  }
}
