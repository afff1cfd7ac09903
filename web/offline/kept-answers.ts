import type { Bookmark, MarkedNovel } from '../../src/http/contract/bookmark-contract.ts'
import type { BegunNovel } from '../../src/http/contract/begun-contract.ts'
import type { Timeline } from '../../src/http/contract/novel-contract.ts'
import type { Sound } from '../keys.ts'
import { base } from '../base.ts'
import { chapterNumbers } from '../element/chapter-names.ts'
import { foldText } from '../element/fold-text.ts'
import { chapterToHear } from '../player/chapter-order.ts'
import type { NovelWithChapters } from '../cached-answers.ts'
import { chapterWithHeard, heardOf, withHeard } from './kept-heard.ts'
import { placed } from './kept-place.ts'
import type { KeptNovel, OfflineDatabase, Outgoing } from './offline-database.ts'
import { offlineStorage } from './offline-storage.ts'

/** A timeline, and whether the audio that it is of is kept on this device. */
export type PlayableTimeline = Timeline & {
  readonly kept?: {
    readonly etag: string
    /** The server did not answer: nothing of the chapter is elsewhere. */
    readonly only: boolean
  }
}

type Answer = (db: OfflineDatabase, parts: readonly string[], query: URLSearchParams) => Promise<unknown>

const novels: readonly (readonly [RegExp, Answer])[] = [
  [
    /^$/,
    async (db, _, query) => {
      const search = foldText(query.get('search') ?? '')
      const kept = (await keptNovels(db)).map(({ novel }) => novel)
      if (kept.length === 0) return undefined
      const found = kept.filter(({ title, author }) => foldText(`${title} ${author}`).includes(search))
      return { novels: query.get('offset') === '0' || !query.has('offset') ? found : [] }
    },
  ],
  [
    /^\/([^/]+)$/,
    async (db, [id = '']) => {
      const kept = await db.get('novels', id)
      return kept && asItIsNow(kept, await db.getAll('outbox'))
    },
  ],
  [
    /^\/([^/]+)\/heard$/,
    async (db, [id = '']) => {
      const kept = await db.get('novels', id)
      return kept && { heard: heardOf(kept, await db.getAll('outbox')) }
    },
  ],
  [
    /^\/([^/]+)\/search$/,
    async (db, [id = ''], query) => {
      const kept = await db.get('novels', id)
      if (!kept) return undefined
      const { searchKept } = await import('./kept-search.ts')
      const page = { offset: Number(query.get('offset') ?? 0), limit: Number(query.get('limit') ?? 50) }
      return searchKept(db, kept, query.get('q') ?? '', page)
    },
  ],
  [
    /^\/([^/]+)\/chapters\/(\d+)$/,
    async (db, [id = '', number]) => {
      const [text, kept] = await Promise.all([db.get('texts', [id, Number(number)]), db.get('novels', id)])
      if (!text) return undefined
      const heard = kept ? heardOf(kept, await db.getAll('outbox')) : []
      return { chapter: chapterWithHeard(text.chapter, heard) }
    },
  ],
  [
    /^\/([^/]+)\/chapters\/(\d+)\/timeline$/,
    async (db, [id = '', number], query) => {
      const [text, chapter] = await Promise.all([
        db.get('texts', [id, Number(number)]),
        db.get('chapters', [id, Number(number)]),
      ])
      const kept = chapter?.kept
      if (!text || !kept) return undefined
      if (query.get('voice') !== kept.voice || Number(query.get('speed')) !== kept.speed) return undefined
      return { timeline: { ...text.timeline, kept: { etag: kept.etag, only: true } } }
    },
  ],
]

/** What the server said at this address when it was kept on this device; `undefined` if it was not. */
export async function keptAnswer(address: string): Promise<unknown> {
  try {
    const { pathname, searchParams } = new URL(address, location.href)
    const path = pathname.slice(base.length)
    if (path === '/api/listener/bookmarks') return await keptBookmarks(await offlineStorage())
    if (path === '/api/listener/begun') return await keptBegun(await offlineStorage())
    if (!/^\/api\/novels(?:\/|$)/.test(path)) return undefined
    for (const [pattern, answer] of novels) {
      const found = pattern.exec(path.slice('/api/novels'.length))
      if (found) return await answer(await offlineStorage(), found.slice(1), searchParams)
    }
  } catch {
    // A browser that keeps nothing.
  }
  return undefined
}

/** A timeline that the server has just told, with the audio of this device if that has the very same: it needs no network. */
export async function withKeptAudio(
  novelId: string,
  number: number,
  timeline: PlayableTimeline,
): Promise<PlayableTimeline> {
  // The service worker alone finds it.
  if (timeline.kept || !timeline.complete || !globalThis.navigator?.serviceWorker?.controller) return timeline
  try {
    const db = await offlineStorage()
    const [text, chapter] = await Promise.all([
      db.get('texts', [novelId, number]),
      db.get('chapters', [novelId, number]),
    ])
    if (!text || !chapter?.kept || JSON.stringify(text.timeline) !== JSON.stringify(timeline)) return timeline
    return { ...timeline, kept: { etag: chapter.kept.etag, only: false } }
  } catch {
    return timeline
  }
}

/** Whether a chapter can be heard without a server, in this voice at this speed. */
export async function isKept(sound: Sound): Promise<boolean> {
  try {
    const { novelId, chapterNumber, voice, speed } = sound
    const { kept } = (await (await offlineStorage()).get('chapters', [novelId, chapterNumber])) ?? {}
    return kept?.voice === voice && kept.speed === speed
  } catch {
    return false
  }
}

/** A kept novel with the place of this device, and what was heard here. */
function asItIsNow(kept: KeptNovel, unsent: readonly Outgoing[]): NovelWithChapters {
  const { novel, chapters } = withHeard(kept, heardOf(kept, unsent))
  return { novel: placed(novel, chapters), chapters }
}

async function keptNovels(db: OfflineDatabase): Promise<NovelWithChapters[]> {
  const [kept, unsent] = await Promise.all([db.getAll('novels'), db.getAll('outbox')])
  return kept.map((each) => asItIsNow(each, unsent))
}

/** The kept novels to go on with, the one listened to last first. */
async function keptBegun(db: OfflineDatabase): Promise<{ novels: BegunNovel[] } | undefined> {
  const kept = await keptNovels(db)
  if (kept.length === 0) return undefined
  const at = ({ novel }: NovelWithChapters): number => Date.parse(novel.position?.updatedAt ?? '')
  const begun = kept
    .filter(({ novel }) => novel.position && !novel.finished)
    .toSorted((a, b) => at(b) - at(a))
  return {
    novels: begun.flatMap(({ novel, chapters }) => {
      const chapter = chapterToHear(novel, chapters)
      if (!chapter) return []
      const { number, title } = chapter
      const inStory = chapterNumbers(chapters).get(number)
      return { ...novel, chapter: { number, title, ...(inStory !== undefined && { inStory }) } }
    }),
  }
}

/** Those in kept novels that were made here and are not sent yet. */
async function keptBookmarks(db: OfflineDatabase): Promise<unknown> {
  const [entries, kept] = await Promise.all([db.getAll('outbox'), db.getAll('novels')])
  const marked: MarkedNovel[] = []
  const bookmarks: Bookmark[] = []
  for (const { novel, chapters, bookmarks: known } of kept) {
    const own = entries.filter(({ key, novelId }) => novelId === novel.id && key.startsWith('bookmark/'))
    const changed = new Set(own.map(({ key }) => key.slice('bookmark/'.length)))
    const all = known.filter(({ id }) => !changed.has(id))
    for (const { key, method, bodies, at } of own) {
      if (method === 'DELETE') continue
      const id = key.slice('bookmark/'.length)
      const body = bodies[0] as Partial<Bookmark>
      const before = known.find((each) => each.id === id)
      const number = body.chapterNumber ?? 1
      const text = await db.get('texts', [novel.id, number])
      const segment = text?.chapter.segments.find(
        ({ index, block, start }) => index === body.segment || (block === body.block && start === body.start),
      )
      const block = segment?.block ?? before?.block ?? 0
      const words = text?.chapter.blocks.find(({ index }) => index === block)?.text
      const date = new Date(at).toISOString()
      all.push({
        id,
        novelId: novel.id,
        chapterNumber: number,
        chapterTitle: chapters.find((each) => each.number === number)?.title ?? '',
        block,
        start: segment?.start ?? before?.start ?? 0,
        segment: segment?.index ?? before?.segment ?? 0,
        quote: (segment && words?.slice(segment.start, segment.end)) ?? before?.quote ?? '',
        note: body.note ?? '',
        createdAt: body.createdAt ?? date,
        updatedAt: date,
      })
    }
    if (all.length === 0) continue
    const { id, title, author, language } = novel
    marked.push({ id, title, author, language })
    bookmarks.push(...all.toSorted((a, b) => a.chapterNumber - b.chapterNumber || a.segment - b.segment))
  }
  return kept.length === 0 ? undefined : { novels: marked, bookmarks }
}
