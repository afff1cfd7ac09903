import type { ListenerSettings } from '../../src/http/contract/listener-contract.ts'
import type { Bookmark, BookmarkRequest, MarkedNovel } from '../../src/http/contract/bookmark-contract.ts'
import type { ListenedNovelView, ListeningDayView } from '../../src/http/contract/listening-day-contract.ts'
import type { BegunNovel } from '../../src/http/contract/begun-contract.ts'
import type { HeardChapterView, HeardRange, MarkRequest } from '../../src/http/contract/heard-contract.ts'
import type { PositionRequest, StoredPosition } from '../../src/http/contract/novel-contract.ts'
import { get, send } from '../api.ts'
import { base } from '../base.ts'
import { thisDevice } from './device.ts'
import type { Listened } from './hours-keeper.ts'
import type { SettingsChange } from './settings-merge.ts'

type ChapterMark = Pick<HeardChapterView, 'chapterNumber' | 'ranges'>

const novel = (id: string): string => `${base}/api/novels/${id}`

const settingsAddress = (novelId?: string): string =>
  `${novelId === undefined ? `${base}/api/listener` : novel(novelId)}/settings`

/** Lets the last one arrive although the page is being closed. */
const last = { keepalive: true } as const

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
  saveBookmark: (novelId: string, id: string, bookmark: BookmarkRequest) =>
    send('PUT', `${novel(novelId)}/bookmarks/${id}`, bookmark),
  deleteBookmark: (novelId: string, id: string) => send('DELETE', `${novel(novelId)}/bookmarks/${id}`),
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
    send('PUT', `${novel(novelId)}/listened`, listened, last),
  position: (novelId: string, signal?: AbortSignal) =>
    get<{ position: StoredPosition | null }>(`${novel(novelId)}/position`, signal).then((a) => a.position),
  savePosition: (novelId: string, position: PositionRequest) =>
    send<{ position: StoredPosition }>('PUT', `${novel(novelId)}/position`, position, last).then(
      (a) => a.position,
    ),
  saveHeard: (novelId: string, heard: HeardRange & { readonly chapterNumber: number }) =>
    send<{ heard: HeardChapterView }>(
      'PUT',
      `${novel(novelId)}/heard`,
      { ...heard, device: thisDevice().id },
      last,
    ).then((a) => a.heard),
} as const
