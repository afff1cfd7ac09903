import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ChapterTranscode } from '../../novel/chapter-transcode.ts'
import type { ClipKey } from '../../novel/clip.ts'
import type { Database } from '../../storage/database-tables.ts'
import { deleteTranscode, touchTranscodes, updateTranscode } from '../../storage/queries/transcode-queries.ts'
import { isFull } from '../../storage/storage-errors.ts'
import type { TranscodeCache } from './transcode-cache.ts'
import { ClipsChanged, type TranscodeChapter } from './transcode-chapter.ts'

interface TranscodeAttemptsParts {
  readonly db: Database
  readonly log: Logger
  readonly transcodeChapter: TranscodeChapter
  /** Keeps completed transcodes. */
  readonly cache: TranscodeCache
  /** Discards a clip that turned out to be damaged. */
  readonly discardClip: (key: ClipKey) => Promise<void>
}

const maxAttempts = 3
const retryDelayMs = 1000

/**
 * Makes a transcode and stores what became of it: its file, the reason after the last attempt, nothing if its clips have
 * changed. Returns `full` if it waits for disk space, and what it found if the signal aborts.
 */
export async function attemptTranscode(
  { db, log, cache, transcodeChapter, discardClip }: TranscodeAttemptsParts,
  transcode: ChapterTranscode,
  { onFrames, signal }: { readonly onFrames: (done: number) => void; readonly signal: AbortSignal },
): Promise<'made' | 'not made' | 'full' | 'aborted'> {
  const { key, form } = transcode
  for (let attempt = 1; ; attempt++) {
    try {
      const written = await transcodeChapter(transcode, { onFrames, signal })
      if (!(await updateTranscode(db, key, { status: 'completed', ...written }))) await cache.discard(key)
      log.debug({ key, form, bytes: written.bytes }, 'a chapter was transcoded')
      await cache.evict(0, key)
      return 'made'
    } catch (error) {
      if (signal.aborted) return 'aborted'
      if (error instanceof ClipsChanged) {
        await deleteTranscode(db, key)
        if (error.damaged) await discardClip(error.damaged)
        return 'not made'
      }
      if (isFull(error)) {
        log.warn({ err: error, key }, 'a transcode waits for disk space')
        return 'full'
      }
      log.warn({ err: error, key, attempt }, 'a chapter could not be transcoded')
      if (attempt === maxAttempts) {
        const errorMessage = error instanceof Error ? error.message : String(error)
        await updateTranscode(db, key, { status: 'failed', errorMessage })
        await touchTranscodes(db, [key], Date.now())
        return 'not made'
      }
      await wait(retryDelayMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
