import { LateConfirmModal } from '../element/late-confirm.tsx'
import { room } from './room.tsx'

// The shelf comes with the page itself; each other room is a script of its own.

export const NovelPage = room(async () => (await import('../novel/novel-page.tsx')).NovelPage)
export const ChapterPage = room(async () => (await import('../novel/chapter-page.tsx')).ChapterPage)
export const ReviewPage = room(async () => (await import('../review/review-page.tsx')).ReviewPage)
export const CoveragePage = room(async () => (await import('../review/coverage-page.tsx')).CoveragePage)
export const GenerationPage = room(
  async () => (await import('../generation/generation-page.tsx')).GenerationPage,
)
export const QueuePage = room(async () => (await import('../generation/queue-page.tsx')).QueuePage)
export const VoicesPage = room(async () => (await import('../voices/voices-page.tsx')).VoicesPage)
export const MachinesPage = room(async () => (await import('../machines/machines-page.tsx')).MachinesPage)
export const SearchRoom = room(async () => (await import('../reading/search-room.tsx')).SearchRoom)
export const ReadingPanel = room(async () => (await import('../reading/reading-panel.tsx')).ReadingPanel)
export const SettingsPage = room(async () => (await import('../settings/settings-page.tsx')).SettingsPage)

export const BookmarksPage = room(async () => (await import('../listener/bookmarks-page.tsx')).BookmarksPage)
export const ListeningPage = room(async () => (await import('../listener/listening-page.tsx')).ListeningPage)

/** In the order in which they are likely to be entered. */
const rooms = [
  NovelPage,
  ChapterPage,
  SearchRoom,
  ReadingPanel,
  QueuePage,
  GenerationPage,
  VoicesPage,
  MachinesPage,
  LateConfirmModal,
  ReviewPage,
  CoveragePage,
  BookmarksPage,
  ListeningPage,
]

/**
 * Fetches all rooms, one after another, once the page has nothing else to do: a room is entered at once then, and when the
 * server is away too. What could not be fetched is fetched when it is entered.
 */
export function preloadRooms(): void {
  const idle = globalThis.requestIdleCallback ?? ((then: () => void) => setTimeout(then, 500))
  idle(
    () =>
      void (async () => {
        for (const each of rooms) await each.preload().catch(() => undefined)
      })(),
  )
}
