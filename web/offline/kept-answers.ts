import type { Bookmark, MarkedNovel } from '../../src/http/contract/bookmark-contract.ts'
import type { Novel, Timeline } from '../../src/http/contract/novel-contract.ts'
import { base } from '../base.ts'
import { foldText } from '../element/fold-text.ts'
import { ownPlace } from '../listener/own-places.ts'
import { thisDevice } from '../listener/device.ts'
import type { OfflineDatabase } from './offline-database.ts'
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
      const kept = (await db.getAll('novels')).map(({ novel }) => placed(novel))
      if (kept.length === 0) return undefined
      const found = kept.filter(({ title, author }) => foldText(`${title} ${author}`).includes(search))
      return { novels: query.get('offset') === '0' || !query.has('offset') ? found : [] }
    },
  ],
  [
    /^\/([^/]+)$/,
    async (db, [id = '']) => {
      const kept = await db.get('novels', id)
      return kept && { novel: placed(kept.novel), chapters: kept.chapters }
    },
  ],
  [
    /^\/([^/]+)\/heard$/,
    async (db, [id = '']) => {
      const kept = await db.get('novels', id)
      return kept && { heard: kept.heard }
    },
  ],
  [
    /^\/([^/]+)\/chapters\/(\d+)$/,
    async (db, [id = '', number]) => {
      const kept = await db.get('texts', [id, Number(number)])
      return kept && { chapter: kept.chapter }
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

/** Whether a chapter can be heard without a server. */
export async function isKept(novelId: string, number: number): Promise<boolean> {
  try {
    const chapter = await (await offlineStorage()).get('chapters', [novelId, number])
    return chapter?.kept !== undefined
  } catch {
    return false
  }
}

/** The place of this device may be later than the one that is kept. */
function placed(novel: Novel): Novel {
  const own = ownPlace(novel.id)
  if (!own || (novel.position && Date.parse(novel.position.updatedAt) >= own.at)) return novel
  const { at, ...position } = own
  return {
    ...novel,
    position: { ...position, device: thisDevice(), updatedAt: new Date(at).toISOString() },
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
