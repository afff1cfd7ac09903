import type { ChapterTranscode, TranscodeCover } from '../../novel/chapter-transcode.ts'
import type { ClipKey } from '../../novel/clip.ts'
import { type SectionMark, sectionMarks } from '../../novel/section-marks.ts'
import type { ClipAudio, ClipStore } from '../../storage/clip-store.ts'
import type { Database } from '../../storage/database-tables.ts'
import { type TranscodedFile, type TranscodeTarget, writeTranscode } from '../../storage/transcode-files.ts'
import { readCover } from '../../storage/novel-files.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { chapterText, segmentsOf } from '../../storage/queries/chapter-queries.ts'
import { castingById } from '../../storage/queries/casting-queries.ts'
import { clipsInOrder } from '../../storage/queries/clip-queries.ts'
import { novelById } from '../../storage/queries/novel-queries.ts'

/** The clips are no longer those that the transcode was requested for. */
export class ClipsChanged extends Error {
  /** The clip that is damaged, if one is. */
  readonly damaged: ClipKey | undefined

  constructor(damaged?: ClipKey) {
    super('the clips are no longer those that the transcode was requested for')
    this.damaged = damaged
  }
}

interface TranscodeChapterOptions {
  /** Called with the number of AAC frames of its clips that are processed. */
  readonly onFrames: (done: number) => void
  readonly signal: AbortSignal
}

/**
 * Transcodes a chapter from what the database holds: its clips, its section marks and its novel's cover. Throws
 * `ClipsChanged`.
 */
export type TranscodeChapter = (
  transcode: ChapterTranscode,
  options: TranscodeChapterOptions,
) => Promise<TranscodedFile>

export function transcodeChapter(db: Database, store: ClipStore, target: TranscodeTarget): TranscodeChapter {
  return async (transcode, { onFrames, signal }) => {
    const { chapterId } = transcode
    const casting = await castingById(db, transcode.casting)
    const keys = await clipsInOrder(db, chapterId, casting)
    const frames = keys.reduce((sum, clip) => sum + clip.frames, 0)
    if (frames !== transcode.frames) throw new ClipsChanged()
    async function* clips(): AsyncGenerator<ClipAudio> {
      let [read, done] = [0, 0]
      for await (const { key, clip } of store.range(chapterId, casting, 0, keys.length)) {
        if (clip === undefined) throw new ClipsChanged()
        if (clip === 'damaged') throw new ClipsChanged(key)
        yield clip
        onFrames((done += keys[read++]?.frames ?? 0))
      }
      if (read < keys.length) throw new ClipsChanged()
    }
    const marks = await readChapterMarks(db, { id: chapterId, title: transcode.tags.title }, keys)
    const cover = await coverOf(db, target.objects, transcode.novelId)
    return writeTranscode(target, transcode, clips(), { marks, cover, signal })
  }
}

/** The novel's cover, if it is JPEG or PNG: players support no others. */
async function coverOf(
  db: Database,
  objects: ObjectStore,
  novelId: string,
): Promise<TranscodeCover | undefined> {
  const mediaType = (await novelById(db, novelId))?.coverType
  if (mediaType !== 'image/jpeg' && mediaType !== 'image/png') return undefined
  const bytes = await readCover(objects, novelId)
  return bytes && { mediaType, bytes }
}

/** The section marks of a chapter. `clips`: one for each of its segments, in order, with its length in AAC frames. */
export async function readChapterMarks(
  db: Database,
  { id, title }: { readonly id: number; readonly title: string },
  clips: readonly { readonly frames: number }[],
): Promise<SectionMark[]> {
  const { blocks } = await chapterText(db, id)
  const segments = await segmentsOf(db, id)
  return sectionMarks({ title, blocks, segments, lengths: clips.map(({ frames }) => frames) })
}
