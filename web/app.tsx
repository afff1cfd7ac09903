// First, so that the styles of components, which come after it, stand above it.
import './page.css'
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Bookmark, ChartColumn, HardDriveDownload, Settings, UserRound, UsersRound } from 'lucide-react'
import { useCallback, useEffect, useRef } from 'react'
import { Link, Route, Switch, useLocation } from 'wouter'
import type { AccountState } from '../src/http/contract/account-contract.ts'
import { AccountGate } from './account/account-gate.tsx'
import { isOutside, useAccount, useMay, useMayAdd } from './account/account-state.ts'
import { Announcer } from './element/announcer.tsx'
import { Quiet } from './element/page-state.tsx'
import { UndoNotice } from './element/undo.tsx'
import { useKeptFocus } from './element/use-kept-focus.ts'
import { useStrayEscape } from './element/use-stray-escape.ts'
import { QueueLink } from './generation/queue-link.tsx'
import { LanguageChooser } from './i18n/language-chooser.tsx'
import { useLanguage } from './i18n/language.ts'
import { ElsewhereOffer } from './listener/elsewhere-offer.tsx'
import { useBookmarkKey } from './listener/use-bookmark-key.ts'
import { ConnectionNotice } from './live/live.tsx'
import { turnedByVoice } from './novel/use-turn.ts'
import { OfflineNotice } from './offline/offline-notice.tsx'
import { VersionNotice } from './offline/version-notice.tsx'
import { PlayerDock } from './player/player-dock.tsx'
import {
  AccountPage,
  JoinPage,
  PeoplePage,
  BookmarksPage,
  CataloguePage,
  ListeningPage,
  ChapterPage,
  CoveragePage,
  VersionPage,
  HeadingsPage,
  DevicePage,
  GenerationPage,
  MachinesPage,
  NovelPage,
  QueuePage,
  SettingsPage,
  SpotsPage,
  CastPage,
  LinesPage,
  WordsPage,
  ReviewPage,
  VoicesPage,
  preloadPages,
} from './lazy-pages/lazy-pages.ts'
import { useTheme } from './reading/use-theme.ts'
import { ShelfPage } from './shelf/shelf-page.tsx'
import { useDrop } from './shelf/use-drop.ts'
import { useUploads } from './shelf/use-uploads.ts'
import { useOwnVoices } from './voices/use-own-voices.ts'
import { isOfVoice } from './voices/voice-files.ts'
import './app.css'

export function App() {
  useTheme()
  const language = useLanguage()
  useEffect(preloadPages, [])
  const uploads = useUploads()
  const own = useOwnVoices()
  const [location, go] = useLocation()
  const [addBooks, addVoices] = [uploads.add, own.add]
  useBookmarkKey()
  useStrayEscape()
  const account = useAccount()
  const outside = isOutside(account)
  const [mayEdit, mayAdd] = [useMay('editor'), useMayAdd()]
  const held = useDrop(
    useCallback(
      (files: Iterable<File>) => {
        if (!mayAdd) return
        const { voices = [], books = [] } = Object.groupBy(files, (file) =>
          isOfVoice(file) ? 'voices' : 'books',
        )
        addVoices(voices)
        addBooks(books)
        go(voices.length > 0 && books.length === 0 ? '/voices#files' : '/')
      },
      [addBooks, addVoices, go, mayAdd],
    ),
  )
  return (
    <>
      <a className="skip-link" href="#page">
        <Trans>Skip to the page</Trans>
      </a>
      <header className="top">
        <Link href="/" className="wordmark">
          <svg viewBox="0 0 24 20" width="24" height="20" aria-hidden="true">
            <path className="lit" d="M0 7h2v6H0zM4 3h2v14H4zM8 0h2v20H8zM12 5h2v10h-2z" />
            <path className="unlit" d="M16 2h2v16h-2zM20 6h2v8h-2z" />
          </svg>
          <span className="wordmark-name">Nightjar</span>
        </Link>
        {!outside && (
          <nav aria-label={t({ message: 'Main', comment: 'the name of the navigation, for screen readers' })}>
            <NavLink href="/">{t`Shelf`}</NavLink>
            <NavLink href="/voices">{t`Voices`}</NavLink>
            {mayEdit && <NavLink href="/machines">{t`Machines`}</NavLink>}
            <QueueLink />
          </nav>
        )}
      </header>
      {/* What a page keeps in words is made anew in another language; what is being uploaded goes on. */}
      <Main key={language} uploads={uploads} own={own} />
      <footer className="bottom">
        <LanguageChooser />
        {!outside && <FootLinks account={account} />}
      </footer>
      {held && !outside && mayAdd && (
        <div className="drop-here">
          <p>
            {location === '/voices'
              ? t`Let go, and the voice is listened to.`
              : t`Let go, and the book comes onto your shelf.`}
          </p>
        </div>
      )}
      <Announcer />
      <div className="foot">
        <aside className="notices" aria-label={t`Notices`}>
          <ConnectionNotice />
          <VersionNotice busy={uploads.sending || own.sending} />
          <OfflineNotice />
          <UndoNotice />
          {!outside && <ElsewhereOffer />}
        </aside>
        {!outside && <PlayerDock />}
      </div>
    </>
  )
}

interface MainProps {
  readonly uploads: ReturnType<typeof useUploads>
  readonly own: ReturnType<typeof useOwnVoices>
}

/** A new page begins at its top, and there a screen reader goes on reading. */
function Main({ uploads, own }: MainProps) {
  const main = useRef<HTMLElement>(null)
  const [location] = useLocation()
  const shown = useRef(location)
  useEffect(() => {
    if (shown.current === location) return
    shown.current = location
    scrollTo(0, 0)
    // Who pauses or seeks while the voice turns the page keeps the focus on what he presses.
    const turned = history.state === turnedByVoice && document.activeElement?.closest('.dock')
    if (!turned) main.current?.focus({ preventScroll: true })
  }, [location])
  useKeptFocus(main)
  return (
    <main id="page" tabIndex={-1} ref={main}>
      <Switch>
        <Route path="/join" component={JoinPage} />
        <Route>
          <AccountGate>
            <Pages uploads={uploads} own={own} />
          </AccountGate>
        </Route>
      </Switch>
    </main>
  )
}

/** What stands within, for who may come in. */
function Pages({ uploads, own }: MainProps) {
  return (
    <Switch>
      <Route path="/">
        <ShelfPage uploads={uploads} />
      </Route>
      <Route path="/novels/:id">{({ id }) => <NovelPage key={id} id={id} />}</Route>
      <Route path="/novels/:id/chapters/:number">
        {({ id, number }) => <ChapterPage key={`${id}/${number}`} id={id} number={Number(number)} />}
      </Route>
      <Route path="/novels/:id/headings">{({ id }) => <HeadingsPage key={id} id={id} />}</Route>
      <Route path="/novels/:id/review">{({ id }) => <ReviewPage key={id} id={id} />}</Route>
      <Route path="/novels/:id/versions/:versionId">
        {({ id, versionId }) => <VersionPage key={versionId} id={id} versionId={versionId} />}
      </Route>
      <Route path="/novels/:id/coverage">{({ id }) => <CoveragePage key={id} id={id} />}</Route>
      <Route path="/novels/:id/spots">{({ id }) => <SpotsPage key={id} id={id} />}</Route>
      <Route path="/novels/:id/cast">{({ id }) => <CastPage key={id} id={id} />}</Route>
      <Route path="/novels/:id/cast/:number">
        {({ id, number }) => <LinesPage key={`${id}/${number}`} id={id} number={Number(number)} />}
      </Route>
      <Route path="/novels/:id/words">{({ id }) => <WordsPage key={id} id={id} />}</Route>
      <Route path="/generations/:id">{({ id }) => <GenerationPage key={id} id={id} />}</Route>
      <Route path="/voices">
        <VoicesPage own={own} />
      </Route>
      <Route path="/machines" component={MachinesPage} />
      <Route path="/account" component={AccountPage} />
      <Route path="/people" component={PeoplePage} />
      <Route path="/queue" component={QueuePage} />
      <Route path="/settings" component={SettingsPage} />
      <Route path="/catalogues/:id">{({ id }) => <CataloguePage key={id} id={id} />}</Route>
      <Route path="/novels/:id/bookmarks">{({ id }) => <BookmarksPage key={id} novelId={id} />}</Route>
      <Route path="/bookmarks">
        <BookmarksPage />
      </Route>
      <Route path="/device" component={DevicePage} />
      <Route path="/listening" component={ListeningPage} />
      <Route>
        <Quiet title={t`There is no such page`}>
          <p>
            <Trans>
              The address may be old. <Link href="/">Go to the shelf.</Link>
            </Trans>
          </p>
        </Quiet>
      </Route>
    </Switch>
  )
}

function FootLinks({ account }: { readonly account: AccountState | undefined }) {
  const person = account?.person
  return (
    <>
      <Link href="/bookmarks" className="settings-link">
        <Bookmark size={18} aria-hidden="true" />
        <Trans>Bookmarks</Trans>
      </Link>
      <Link href="/listening" className="settings-link">
        <ChartColumn size={18} aria-hidden="true" />
        <Trans>Listening</Trans>
      </Link>
      <Link href="/device" className="settings-link">
        <HardDriveDownload size={18} aria-hidden="true" />
        <Trans>On this device</Trans>
      </Link>
      <Link href="/settings" className="settings-link">
        <Settings size={18} aria-hidden="true" />
        <Trans>Settings</Trans>
      </Link>
      {person?.role === 'admin' && (
        <Link href="/people" className="settings-link">
          <UsersRound size={18} aria-hidden="true" />
          <Trans>People</Trans>
        </Link>
      )}
      {person && (
        <Link href="/account" className="settings-link">
          <UserRound size={18} aria-hidden="true" />
          <span>
            <span className="unseen">{t`Your account`}: </span>
            {person.name}
          </span>
        </Link>
      )}
    </>
  )
}

function NavLink({ href, children }: { readonly href: string; readonly children: string }) {
  const [location] = useLocation()
  return (
    <Link href={href} aria-current={location === href ? 'page' : undefined}>
      <span>{children}</span>
    </Link>
  )
}
