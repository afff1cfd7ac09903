import type {
  Progress,
  ProgressBrief,
  Queue,
  SegmentEvent,
} from '../../src/http/contract/generation-contract.ts'
import type { Chapter, Novel } from '../../src/http/contract/novel-contract.ts'
import type { RibbonPart } from '../../src/http/contract/shelf-contract.ts'
import type { ProgressEvent } from '../../src/http/contract/event-contract.ts'
import { partOf } from '../element/ribbon-model.ts'
import type { NovelWithChapters, Shelf } from '../cached-answers.ts'

/** How events move the figures on the page between two answers of the server. Each function gives its argument back when nothing in it moves. */

export function queueWith(queue: Queue, briefs: ReadonlyMap<string, ProgressBrief>): Queue {
  const renew = (list: ProgressBrief[]): ProgressBrief[] => list.map((item) => briefs.get(item.id) ?? item)
  return { ...queue, running: renew(queue.running), waiting: renew(queue.waiting) }
}

/** The list with one of its things as it is now; what is new comes first. */
export function renewed<T>(list: readonly T[], thing: T, id: keyof T): T[] {
  const at = list.findIndex((each) => each[id] === thing[id])
  return at < 0 ? [thing, ...list] : list.with(at, thing)
}

export function progressWith(progress: Progress, events: readonly SegmentEvent[]): Progress {
  const spoken = spokenByChapter(events, progress.novelId, progress)
  if (spoken.size === 0) return progress
  const chapters = progress.chapters.map((chapter) => {
    const more = spoken.get(chapter.chapterNumber)
    if (!more) return chapter
    const segmentsDone = Math.min(chapter.segmentsTotal, chapter.segmentsDone + more.length)
    const status = segmentsDone === chapter.segmentsTotal ? 'completed' : 'running'
    return { ...chapter, segmentsDone, status } as const
  })
  return { ...progress, chapters }
}

/** A generation's chapters as an event tells them: after whatever was counted on. */
export function progressAt(progress: Progress, event: ProgressEvent): Progress {
  if (event.id !== progress.id || event.changed.length === 0) return progress
  const told = new Map(event.changed.map((chapter) => [chapter.number, chapter]))
  const chapters = progress.chapters.map((chapter) => {
    const now = told.get(chapter.chapterNumber)
    if (!now) return chapter
    const { segmentsDone, segmentsTotal, status } = now
    return { ...chapter, segmentsDone, segmentsTotal, ...(status !== 'none' && { status }) }
  })
  return { ...progress, chapters }
}

export function novelWith(known: NovelWithChapters, events: readonly SegmentEvent[]): NovelWithChapters {
  const spoken = spokenByChapter(events, known.novel.id, known.novel)
  if (spoken.size === 0) return known
  let [done, seconds] = [known.novel.segmentsDone, known.novel.seconds]
  const chapters = known.chapters.map((chapter) => {
    const more = spoken.get(chapter.number)
    if (!more) return chapter
    const segmentsDone = Math.min(chapter.segmentsTotal, chapter.segmentsDone + more.length)
    if (chapter.narrated) {
      done += segmentsDone - chapter.segmentsDone
      seconds += more.reduce((sum, event) => sum + (event.seconds ?? 0), 0)
    }
    const status = segmentsDone === chapter.segmentsTotal ? 'completed' : 'running'
    return { ...chapter, segmentsDone, status } as const
  })
  return { novel: withFigures(known.novel, done, seconds), chapters }
}

/** A novel's chapters as an event tells them: after whatever was counted on. */
export function novelAt(known: NovelWithChapters, event: ProgressEvent): NovelWithChapters {
  const { novel } = known
  if (event.novelId !== novel.id || event.voice !== novel.voice || event.speed !== novel.speed) return known
  const told = new Map(event.changed.map((chapter) => [chapter.number, chapter]))
  if (told.size === 0) return known
  let done = novel.segmentsDone
  const chapters = known.chapters.map((chapter) => {
    const now = told.get(chapter.number)
    if (!now) return chapter
    if (chapter.narrated) done += now.segmentsDone - chapter.segmentsDone
    return { ...chapter, ...now }
  })
  return { novel: withFigures(novel, done, novel.seconds), chapters }
}

export function shelfWith(shelf: Shelf, events: readonly SegmentEvent[]): Shelf {
  const renew = (novel: Novel): Novel => {
    const more = events.filter((event) => isSpoken(event, novel.id, novel))
    if (more.length === 0) return novel
    const seconds = more.reduce((sum, event) => sum + (event.seconds ?? 0), novel.seconds)
    const now = withFigures(novel, novel.segmentsDone + more.length, seconds)
    return novel.ribbon ? { ...now, ribbon: ribbonWith(novel.ribbon, more) } : now
  }
  return { ...shelf, pages: shelf.pages.map((page) => page.map(renew)) }
}

function ribbonWith(ribbon: readonly RibbonPart[], spoken: readonly SegmentEvent[]): RibbonPart[] {
  const byPart = Map.groupBy(spoken, ({ chapterNumber }) => partOf(ribbon, chapterNumber))
  return ribbon.map((part, at) => {
    const done = Math.min(part.segments, part.done + (byPart.get(at)?.length ?? 0))
    return { ...part, done, complete: done === part.segments ? part.chapters : part.complete }
  })
}

export function chapterWith(chapter: Chapter, novelId: string, events: readonly SegmentEvent[]): Chapter {
  if (chapter.voice === null) return chapter
  const sound = { voice: chapter.voice, speed: chapter.speed }
  const spoken = new Map(
    events
      .filter((event) => event.chapterNumber === chapter.number && isSpoken(event, novelId, sound))
      .map((event) => [event.index, event]),
  )
  if (spoken.size === 0) return chapter
  let from: number | undefined = 0
  const segments = chapter.segments.map((segment) => {
    const event = spoken.get(segment.index)
    const seconds = event?.seconds ?? segment.seconds
    const now = event ? { ...segment, ready: true } : segment
    const placed = from === undefined || !now.ready ? now : { ...now, from }
    // Where a segment begins is known only when all before it are spoken.
    from = from === undefined || !now.ready || seconds === undefined ? undefined : from + seconds
    return seconds === undefined ? placed : { ...placed, seconds }
  })
  const segmentsDone = segments.filter((segment) => segment.ready).length
  const status = segmentsDone === segments.length ? 'completed' : 'running'
  return { ...chapter, segments, segmentsDone, status }
}

function withFigures(novel: Novel, done: number, seconds: number): Novel {
  return { ...novel, segmentsDone: Math.min(novel.segmentsTotal, done), seconds }
}

interface HasSound {
  readonly voice: string | null
  readonly speed: number
}

function isSpoken(event: SegmentEvent, novelId: string, sound: HasSound): boolean {
  return (
    event.state === 'spoken' &&
    event.novelId === novelId &&
    event.voice === sound.voice &&
    event.speed === sound.speed
  )
}

function spokenByChapter(
  events: readonly SegmentEvent[],
  novelId: string,
  sound: HasSound,
): ReadonlyMap<number, readonly SegmentEvent[]> {
  return Map.groupBy(
    events.filter((event) => isSpoken(event, novelId, sound)),
    (event) => event.chapterNumber,
  )
}
