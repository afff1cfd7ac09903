import { createHash } from 'node:crypto'
import type { Generation } from '../../novel/generation.ts'
import type { WebhookEvent } from '../../novel/webhook.ts'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import type { SetAside } from '../../storage/queries/ready-chapter-queries.ts'

/** An event as its receivers get it, but for the links, which depend on the webhook. */
export interface PendingEvent {
  readonly id: string
  readonly type: WebhookEvent
  readonly novelId: string
  /** JSON for a webhook whose links begin with `base`. */
  readonly body: (base: string) => string
}

type NovelPart = Pick<NovelRow, 'id' | 'title' | 'author' | 'language'>

/** The same id for the same event, whichever server finds it, and however often. */
function eventId(type: WebhookEvent, ...subject: readonly (string | number)[]): string {
  const hash = createHash('sha256')
    .update([type, ...subject].join('/'))
    .digest()
  return `evt_${hash.subarray(0, 18).toString('base64url')}`
}

export function bodyOf(id: string, type: string, timestamp: string, data: object): string {
  return JSON.stringify({ id, type, timestamp, data })
}

function novelPart({ id, title, author, language }: NovelPart) {
  return { id, title, author, language }
}

/** A chapter is whole: every segment of it is spoken. */
export function chapterReady(
  novel: NovelPart,
  chapter: ChapterRow,
  generation: Generation,
  timestamp: string,
): PendingEvent {
  const id = eventId('chapter.ready', novel.id, chapter.id, generation.casting.id)
  const { number, title, part, segmentCount } = chapter
  const { voice, speed } = generation
  const body = (base: string): string => {
    const path = `${base}/api/novels/${novel.id}/chapters/${number}`
    const sound = new URLSearchParams({ voice, speed: String(speed) })
    return bodyOf(id, 'chapter.ready', timestamp, {
      novel: novelPart(novel),
      chapter: { number, title, part: part ?? undefined, segments: segmentCount },
      progressId: generation.id,
      voice,
      speed,
      links: {
        page: `${base}/novels/${novel.id}/chapters/${number}`,
        chapter: path,
        audio: `${path}/audio.m4a?${sound}`,
        progress: `${base}/api/worker/progress/${generation.id}`,
      },
    })
  }
  return { id, type: 'chapter.ready', novelId: novel.id, body }
}

/**
 * A generation is done; `setAside`: segments that could not be spoken. One that fails again after a retry is another event:
 * its segments were set aside at another time.
 */
export function generationDone(
  novel: NovelPart,
  generation: Generation,
  chapters: readonly ChapterRow[],
  { segments: setAside, lastAt }: SetAside,
  timestamp: string,
): PendingEvent {
  const type = setAside > 0 ? 'generation.failed' : 'generation.completed'
  const chapterIds = chapters.map((chapter) => chapter.id)
  const failing = setAside > 0 ? [lastAt] : []
  const id = eventId(type, generation.id, generation.casting.id, ...chapterIds, ...failing)
  const segments = chapters.reduce((sum, { segmentCount }) => sum + segmentCount, 0)
  const [only] = chapters.length === 1 ? chapters : []
  const body = (base: string): string =>
    bodyOf(id, type, timestamp, {
      novel: novelPart(novel),
      chapter: only && { number: only.number, title: only.title, part: only.part ?? undefined },
      progressId: generation.id,
      voice: generation.voice,
      speed: generation.speed,
      chapters: chapters.length,
      segments: { total: segments, spoken: segments - setAside, setAside },
      links: {
        page: `${base}/generations/${generation.id}`,
        novel: `${base}/novels/${novel.id}`,
        progress: `${base}/api/worker/progress/${generation.id}`,
      },
    })
  return { id, type, novelId: novel.id, body }
}
