import type { Clip, ClipKey } from '../../novel/clip.ts'
import type { ClipAudio, SegmentClip } from '../clip-store.ts'
import type { Database } from '../database-tables.ts'
import { type ObjectRange, type ObjectStore, readObject } from '../object-store.ts'
import { audioInRow, storedClipRow, type StoredClipRow } from '../queries/clip-object-queries.ts'
import { clipOfRow } from '../queries/clip-queries.ts'
import { isIntactClip, readFrameSizes } from '../queries/column-values.ts'

export interface ClipSources {
  readonly db: Database
  readonly objects: ObjectStore
}

export interface SegmentRow {
  readonly key: ClipKey
  readonly row: StoredClipRow | undefined
}

/** What one request reads: a clip, or clips that follow each other in a pack. */
interface ClipRead {
  readonly segments: SegmentRow[]
  bytes: number
}

/** Of one request to a pack; of the first one, so that a player begins at once. */
const requestBytes = 1024 * 1024
const firstRequestBytes = 128 * 1024
/** Held in memory by a reader, and requests under way, however far ahead it may read. */
const aheadBytes = 4 * 1024 * 1024
const aheadRequests = 16

/** The clips of these segments, in order, read ahead. */
export async function* readSegments(
  sources: ClipSources,
  segments: readonly SegmentRow[],
): AsyncGenerator<SegmentClip> {
  const reads = readsOf(segments)
  const running: { readonly result: Promise<SegmentClip[]>; readonly bytes: number }[] = []
  let [next, held] = [0, 0]
  for (;;) {
    for (; next < reads.length && running.length < aheadRequests; next++) {
      const { bytes } = reads[next]!
      if (running.length > 0 && held + bytes > aheadBytes) break
      const result = readClips(sources, reads[next]!)
      // Awaited in its turn, or never, if the reader has gone.
      result.catch(() => undefined)
      running.push({ result, bytes })
      held += bytes
    }
    const first = running.shift()
    if (!first) return
    yield* await first.result
    held -= first.bytes
  }
}

function readsOf(segments: readonly SegmentRow[]): ClipRead[] {
  const reads: ClipRead[] = []
  for (const segment of segments) {
    const last = reads.at(-1)
    const bytes = segment.row?.bytes ?? 0
    const limit = reads.length > 1 ? requestBytes : firstRequestBytes
    if (last && last.bytes + bytes <= limit && follows(last.segments.at(-1)?.row, segment.row)) {
      last.segments.push(segment)
      last.bytes += bytes
    } else reads.push({ segments: [segment], bytes })
  }
  return reads
}

function follows(previous: StoredClipRow | undefined, row: StoredClipRow | undefined): boolean {
  if (!previous || !row || previous.offset === null || previous.object !== row.object) return false
  return row.offset === previous.offset + (previous.bytes ?? 0)
}

async function readClips(sources: ClipSources, { segments, bytes }: ClipRead): Promise<SegmentClip[]> {
  const row = segments[0]?.row
  if (!row) return segments.map(({ key }) => ({ key, clip: undefined }))
  const audio = await readAudio(sources, row, bytes)
  if (!audio && row.object !== null) return Promise.all(segments.map((each) => readAgain(sources, each)))
  return segments.map((segment) => {
    const start = (segment.row?.offset ?? 0) - (row.offset ?? 0)
    const adts = segments.length === 1 ? audio : audio?.subarray(start, start + (segment.row?.bytes ?? 0))
    return { key: segment.key, clip: (segment.row && adts && audioOf(segment.row, adts)) ?? 'damaged' }
  })
}

/** Its object is gone: it was packed or spoken again since its row was read, which may be an hour ago. */
async function readAgain(sources: ClipSources, { key, row: before }: SegmentRow): Promise<SegmentClip> {
  const row = await storedClipRow(sources.db, key)
  if (!row) return { key, clip: undefined }
  const adts = row.object === before?.object ? undefined : await readAudio(sources, row, row.bytes ?? 0)
  return { key, clip: (adts && audioOf(row, adts)) ?? 'damaged' }
}

/** The audio from a row's place on, `bytes` of it in a pack; `undefined` if it is gone. */
async function readAudio(
  { db, objects }: ClipSources,
  { id, object, offset }: StoredClipRow,
  bytes: number,
): Promise<Uint8Array | undefined> {
  if (object === null) return audioInRow(db, id)
  const part: ObjectRange | undefined = offset === null ? undefined : { start: offset, end: offset + bytes }
  const read = await readObject(objects, object, part)
  return read && new Uint8Array(read.buffer, read.byteOffset, read.length)
}

function audioOf(row: StoredClipRow, adts: Uint8Array): ClipAudio | undefined {
  const frameSizes = isIntactClip({ ...row, adts }) ? readFrameSizes(row) : undefined
  return frameSizes && { adts, frameSizes }
}

/** `'damaged'`: it is not what was put. `'gone'`: its audio is not there. */
export async function readClip(sources: ClipSources, row: StoredClipRow): Promise<Clip | 'damaged' | 'gone'> {
  const adts = await readAudio(sources, row, row.bytes ?? 0)
  return adts ? clipOfRow({ ...row, adts }) : 'gone'
}
