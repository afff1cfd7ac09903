import type { ListenerSettings } from '../../src/http/contract/listener-contract.ts'
import type { Bookmark, BookmarkRequest, MarkedNovel } from '../../src/http/contract/bookmark-contract.ts'
import type { ListenedNovelView, ListeningDayView } from '../../src/http/contract/listening-day-contract.ts'
import type { BegunNovel } from '../../src/http/contract/begun-contract.ts'
import type { HeardChapterView, HeardRange, MarkRequest } from '../../src/http/contract/heard-contract.ts'
import type { PositionRequest, StoredPosition } from '../../src/http/contract/novel-contract.ts'
import { get, send } from '../api.ts'
import { base } from '../base.ts'
import { deliver } from '../offline/listener-outbox.ts'
import { newId, thisDevice } from './device.ts'
import type { SettingsChange } from './settings-merge.ts'

/** What a sitting has listened to of a novel on a day, from its begin to now. */
export interface Listened {
  readonly novelId: string
  readonly day: string
  readonly sitting: string
  readonly wallSeconds: number
  readonly audioSeconds: number
}

type ChapterMark = Pick<HeardChapterView, 'chapterNumber' | 'ranges'>

const novel = (id: string): string => `${base}/api/novels/${id}`

const settingsAddress = (novelId?: string): string =>
  `${novelId === undefined ? `${base}/api/listener` : novel(novelId)}/settings`

/** Lets the last one arrive although the page is being closed. */
const last = { keepalive: true } as const

/** Of this page: another one adds up what is heard by itself. */
const page = newId()

/** Address of the bookmarks in a novel, or of all, as a Markdown file. */
export const bookmarkFile = (novelId?: string): string =>
  `${novelId === undefined ? `${base}/api/listener` : novel(novelId)}/bookmarks.md`

/** What belongs to the listener. */
export const listenerApi = {
  /** For everything, or in one novel. */
  settings: (novelId?: string, signal?: AbortSignal) =>
    get<{ settings: ListenerSettings }>(settingsAddress(novelId), signal).then((a) => a.settings),
  changeSettings: (change: SettingsChange, novelId?: string) =>
    send<{ settings: ListenerSettings }>('PATCH', settingsAddress(novelId), change, last).then(
      (a) => a.settings,
    ),
  bookmarks: (signal?: AbortSignal) =>
    get<{ novels: MarkedNovel[]; bookmarks: Bookmark[] }>(`${base}/api/listener/bookmarks`, signal),
  /** Without a server it is kept, and sent later; so are the others that answer `undefined` then. */
  saveBookmark: (novelId: string, id: string, bookmark: BookmarkRequest) =>
    deliver({
      key: `bookmark/${id}`,
      novelId,
      method: 'PUT',
      path: `/api/novels/${novelId}/bookmarks/${id}`,
      bodies: [{ createdAt: new Date().toISOString(), ...bookmark }],
    }),
  deleteBookmark: (novelId: string, id: string) =>
    deliver({
      key: `bookmark/${id}`,
      novelId,
      method: 'DELETE',
      path: `/api/novels/${novelId}/bookmarks/${id}`,
      bodies: [],
    }),
  begun: (signal?: AbortSignal) =>
    get<{ novels: BegunNovel[] }>(`${base}/api/listener/begun`, signal).then((a) => a.novels),
  listBegun: (novelId: string, listed: boolean) => send('PUT', `${novel(novelId)}/begun`, { listed }),
  /** Returns what it was before. */
  markHeard: (novelId: string, wish: MarkRequest) =>
    send<{ before: ChapterMark[] }>('POST', `${novel(novelId)}/heard/marks`, wish).then((a) => a.before),
  restoreHeard: (novelId: string, chapters: readonly ChapterMark[]) =>
    send('PUT', `${novel(novelId)}/heard/marks`, { chapters }),
  hours: (signal?: AbortSignal) =>
    get<{ days: ListeningDayView[]; novels: ListenedNovelView[] }>(`${base}/api/listener/hours`, signal),
  saveListened: ({ novelId, ...listened }: Listened) =>
    deliver({
      key: `hours/${novelId}/${listened.day}/${listened.sitting}`,
      novelId,
      method: 'PUT',
      path: `/api/novels/${novelId}/listened`,
      bodies: [listened],
    }),
  position: (novelId: string, signal?: AbortSignal) =>
    get<{ position: StoredPosition | null }>(`${novel(novelId)}/position`, signal).then((a) => a.position),
  /** `at`: when it was listened to, in epoch milliseconds. */
  savePosition: async (novelId: string, position: PositionRequest, at: number) => {
    const answer = await deliver({
      key: `position/${novelId}`,
      novelId,
      method: 'PUT',
      path: `/api/novels/${novelId}/position`,
      bodies: [position],
      at,
      aged: true,
    })
    return (answer as { position: StoredPosition } | undefined)?.position
  },
  saveHeard: async (novelId: string, heard: HeardRange & { readonly chapterNumber: number }) => {
    const answer = await deliver({
      key: `heard/${novelId}/${heard.chapterNumber}/${page}`,
      novelId,
      method: 'PUT',
      path: `/api/novels/${novelId}/heard`,
      bodies: [{ ...heard, device: thisDevice().id }],
    })
    return (answer as { heard: HeardChapterView } | undefined)?.heard
  },
} as const
