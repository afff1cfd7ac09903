import type { Chapter, Timeline } from '../../src/http/contract/novel-contract.ts'
import { AnswerError, failureIn, unreachable } from '../answer-error.ts'
import { addresses, getFresh, query, soundAddress } from '../api.ts'
import type { Sound } from '../keys.ts'
import { below, imageTag, type KeptChapter, type OfflineDatabase, pieceBytes } from './offline-database.ts'
import { sizeOf, storable, type StoredFile } from './stored-file.ts'

/** Whether the audio on the server is the one of this tag. Throws `AnswerError`. */
export async function isCurrent(sound: Sound, etag: string, signal: AbortSignal): Promise<boolean> {
  const answer = await request(addresses.audio(sound), {
    method: 'HEAD',
    headers: { 'if-none-match': etag },
    signal,
  })
  return answer.status === 304 || answer.headers.get('etag') === etag
}

/**
 * Fetches a finished chapter and stores it: the audio in pieces, going on after those that are here, then text, times of
 * words and the chapter's record in one commit. Throws `AnswerError`, or a `DOMException` when there is no room.
 */
export async function downloadChapter(
  db: OfflineDatabase,
  sound: Sound,
  wish: KeptChapter,
  signal: AbortSignal,
): Promise<void> {
  const { novelId, chapterNumber: number } = sound
  const { etag, size } = await downloadAudio(db, sound, signal)
  const [{ timeline }, { chapter }] = await Promise.all([
    getFresh<{ timeline: Timeline }>(soundAddress(sound, 'timeline'), signal),
    getFresh<{ chapter: Chapter }>(
      `${addresses.chapter(novelId, number)}?${query({ voice: sound.voice, speed: sound.speed })}`,
      signal,
    ),
  ])
  const images = await downloadImages(chapter, addresses.chapter(novelId, number), signal)
  // It was changed while it was fetched: the next time it is fetched as it is then.
  if (!timeline.complete || !(await isCurrent(sound, etag, signal))) return
  const text = { chapter, timeline }
  const bytes = [...images.values()].reduce(
    (sum, image) => sum + sizeOf(image),
    size + JSON.stringify(text).length,
  )
  const change = db.transaction(['chapters', 'texts', 'pieces'], 'readwrite', { durability: 'strict' })
  const pieces = change.objectStore('pieces')
  // Let go meanwhile: nothing of it is to stay.
  const wanted = await change.objectStore('chapters').get([novelId, number])
  for (const key of await pieces.getAllKeys(below(novelId, number)))
    if (!wanted || key[2] !== etag) await pieces.delete(key)
  if (wanted) {
    const kept = { etag, voice: sound.voice, speed: sound.speed, bytes }
    await change.objectStore('texts').put(text, [novelId, number])
    for (const [name, image] of images) await pieces.put(image, [novelId, number, imageTag(name), 0])
    await change.objectStore('chapters').put({ ...wish, byHand: wanted.byHand, kept })
  }
  await change.done
}

/** The images that stand in a chapter, by their names. One that the server has lost is left out: its words stand for it. */
async function downloadImages(
  { skips }: Chapter,
  address: string,
  signal: AbortSignal,
): Promise<Map<string, StoredFile>> {
  const images = new Map<string, StoredFile>()
  for (const name of new Set(skips.flatMap(({ image }) => image?.name ?? []))) {
    try {
      const answer = await request(`${address}/images/${encodeURIComponent(name)}`, { signal })
      images.set(name, await storable(await answer.blob()))
    } catch (error) {
      if (!(error instanceof AnswerError) || error.status !== 404) throw error
    }
  }
  return images
}

async function downloadAudio(
  db: OfflineDatabase,
  sound: Sound,
  signal: AbortSignal,
): Promise<{ readonly etag: string; readonly size: number }> {
  const { novelId, chapterNumber: number } = sound
  const head = await request(addresses.audio(sound), { method: 'HEAD', signal })
  const etag = head.headers.get('etag') ?? ''
  const size = Number(head.headers.get('content-length'))
  const here = await db.getAllKeys('pieces', below(novelId, number, etag))
  for (let index = here.length; index * pieceBytes < size; index++) {
    const from = index * pieceBytes
    const range = `bytes=${from}-${Math.min(size, from + pieceBytes) - 1}`
    const answer = await request(addresses.audio(sound), { headers: { range, 'if-range': etag }, signal })
    // Changed since it was begun: all of it came, and none of it is used.
    if (answer.status !== 206) throw unreachable()
    await db.put('pieces', await storable(await answer.blob()), [novelId, number, etag, index])
  }
  return { etag, size }
}

async function request(address: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(address, { ...init, cache: 'no-store' }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw unreachable()
  })
  if (!answer.ok && answer.status !== 304) throw failureIn(await answer.text(), answer.status)
  return answer
}
