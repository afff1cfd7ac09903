import type { ComponentType } from 'react'
import { LateConfirmModal } from '../element/late-confirm.tsx'
import { type LazyPage, lazyPage } from './lazy-page.tsx'
import { ReadingPanel, SayDifferently, SearchPanel } from './lazy-panels.ts'

// The shelf comes with the page itself; each other page is a script of its own.

/** A page on which a novel is changed: a listener enters it for what they alone see. */
function changingPage<Props extends { readonly id: string }>(
  load: () => Promise<ComponentType<Props>>,
): LazyPage<Props> {
  return lazyPage(async () => {
    const [{ forChangers }, Page] = await Promise.all([import('../novel/for-changers.tsx'), load()])
    return forChangers(Page)
  })
}

export const NovelPage = lazyPage(async () => (await import('../novel/novel-page.tsx')).NovelPage)
export const ChapterPage = lazyPage(async () => (await import('../novel/chapter-page.tsx')).ChapterPage)
export const ReviewPage = changingPage(async () => (await import('../review/review-page.tsx')).ReviewPage)
export const HeadingsPage = changingPage(
  async () => (await import('../review/headings-page.tsx')).HeadingsPage,
)
export const CoveragePage = changingPage(
  async () => (await import('../review/coverage-page.tsx')).CoveragePage,
)
export const VersionPage = changingPage(
  async () => (await import('../versions/version-page.tsx')).VersionPage,
)
export const SpotsPage = changingPage(async () => (await import('../spots/spots-page.tsx')).SpotsPage)
export const CastPage = changingPage(async () => (await import('../cast/cast-page.tsx')).CastPage)
export const LinesPage = changingPage(async () => (await import('../cast/lines-page.tsx')).LinesPage)
export const WordsPage = changingPage(async () => (await import('../lexicon/words-page.tsx')).WordsPage)
export const GenerationPage = lazyPage(
  async () => (await import('../generation/generation-page.tsx')).GenerationPage,
)
export const QueuePage = lazyPage(async () => (await import('../generation/queue-page.tsx')).QueuePage)
export const VoicesPage = lazyPage(async () => (await import('../voices/voices-page.tsx')).VoicesPage)
export const MachinesPage = lazyPage(async () => (await import('../machines/machines-page.tsx')).MachinesPage)
/** What becomes of books that are sent: seen when one is. */
export const UploadList = lazyPage(async () => (await import('../shelf/upload-list.tsx')).UploadList)
export const ImportList = lazyPage(async () => (await import('../imports/import-list.tsx')).ImportList)
export const PasteDialog = lazyPage(async () => (await import('../shelf/paste-dialog.tsx')).PasteDialog)
export const CataloguePage = lazyPage(
  async () => (await import('../catalogues/catalogue-page.tsx')).CataloguePage,
)
export const AddressDialog = lazyPage(async () => (await import('../shelf/address-dialog.tsx')).AddressDialog)
export const SettingsPage = lazyPage(async () => (await import('../settings/settings-page.tsx')).SettingsPage)

export const WelcomePage = lazyPage(async () => (await import('../account/welcome-page.tsx')).WelcomePage)
export const JoinPage = lazyPage(async () => (await import('../account/join-page.tsx')).JoinPage)
export const AccountPage = lazyPage(async () => (await import('../account/account-page.tsx')).AccountPage)
export const PeoplePage = lazyPage(async () => (await import('../account/people-page.tsx')).PeoplePage)

export const BookmarksPage = lazyPage(
  async () => (await import('../listener/bookmarks-page.tsx')).BookmarksPage,
)
export const ListeningPage = lazyPage(
  async () => (await import('../listener/listening-page.tsx')).ListeningPage,
)
export const DevicePage = lazyPage(async () => (await import('../offline/device-page.tsx')).DevicePage)

/** In the order in which they are likely to be entered. */
const pages = [
  UploadList,
  ImportList,
  PasteDialog,
  AddressDialog,
  NovelPage,
  ChapterPage,
  SearchPanel,
  ReadingPanel,
  SayDifferently,
  QueuePage,
  GenerationPage,
  VoicesPage,
  MachinesPage,
  LateConfirmModal,
  ReviewPage,
  HeadingsPage,
  CoveragePage,
  VersionPage,
  SpotsPage,
  CastPage,
  LinesPage,
  WordsPage,
  BookmarksPage,
  ListeningPage,
  DevicePage,
  SettingsPage,
  CataloguePage,
  AccountPage,
  PeoplePage,
  JoinPage,
  WelcomePage,
]

/**
 * Fetches all pages, one after another, once the page has nothing else to do: a page is entered at once then, and when the
 * server is away too. What could not be fetched is fetched when it is entered.
 */
export function preloadPages(): void {
  const idle = globalThis.requestIdleCallback ?? ((then: () => void) => setTimeout(then, 500))
  idle(
    () =>
      void (async () => {
        for (const each of pages) await each.preload().catch(() => undefined)
      })(),
  )
}
