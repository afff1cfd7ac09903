import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { ChevronDown, Keyboard, ListMusic } from 'lucide-react'
import { useState } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Link } from 'wouter'
import { Cover } from '../../element/cover.tsx'
import { clock, lengthWords } from '../../element/time-words.ts'
import { useMedia } from '../../element/use-media.ts'
import { useNovel } from '../../queries.ts'
import { usePlayer, usePlayerState } from '../player-context.ts'
import { SeekRibbon } from '../seek-ribbon.tsx'
import { PlayerBookmark } from './player-bookmark.tsx'
import { PlayerChapters } from './player-chapters.tsx'
import { PlayerControls } from './player-controls.tsx'
import { PlayerSettingsRow } from './player-settings-row.tsx'
import { SleepMenu } from './sleep-menu.tsx'
import { supplyWords } from './supply-words.ts'
import { leftOfBook } from '../time-left.ts'
import { useDragDown } from './use-drag-down.ts'
import './full-player.css'

interface FullPlayerProps {
  readonly onClose: () => void
  readonly onHelp: () => void
}

/** Everything that can be done while listening: a sheet on the phone, on the desk a panel that grows from the dock. */
export function FullPlayer({ onClose, onHelp }: FullPlayerProps) {
  const drag = useDragDown(onClose)
  const novel = usePlayerState((state) => state.novel)
  const [chaptersShown, setChaptersShown] = useState(false)
  // There is room for one of both: as in the style sheet.
  const narrow = useMedia('(max-width: 760px)')
  if (!novel) return null
  return (
    <ModalOverlay
      className="veil player-veil"
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
    >
      <Modal className="player-sheet">
        <Dialog className="player-dialog">
          <header className="sheet-head" {...drag}>
            <span className="sheet-grip" aria-hidden="true" />
            <button
              type="button"
              className="icon-button"
              aria-label={t`Close the full player`}
              onClick={onClose}
            >
              <ChevronDown size={24} aria-hidden="true" />
            </button>
            <Heading slot="title" className="sheet-title" lang={novel.language}>
              {novel.title}
            </Heading>
            <button
              type="button"
              className="icon-button chapters-button"
              aria-label={t`Chapters`}
              aria-pressed={chaptersShown}
              onClick={() => setChaptersShown(!chaptersShown)}
            >
              <ListMusic size={22} aria-hidden="true" />
            </button>
            <button type="button" className="icon-button" aria-label={t`Keys`} onClick={onHelp}>
              <Keyboard size={22} aria-hidden="true" />
            </button>
          </header>
          <div className="sheet-body" data-chapters={chaptersShown || undefined}>
            <div className="sheet-now">
              <div className="sheet-book">
                <div className="sheet-cover">
                  <Cover
                    title={novel.title}
                    author={novel.author}
                    language={novel.language}
                    image={novel.cover}
                  />
                </div>
                <Titles onClose={onClose} />
              </div>
              <SeekRibbon />
              <Times novelId={novel.id} />
              <PlayerControls />
              <div className="sheet-extras">
                <SleepMenu />
                <PlayerBookmark />
              </div>
              <PlayerSettingsRow />
            </div>
            {(chaptersShown || !narrow) && <PlayerChapters novel={novel} />}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function Titles({ onClose }: Pick<FullPlayerProps, 'onClose'>) {
  const player = usePlayer()
  const novel = usePlayerState((state) => state.novel)
  const number = usePlayerState((state) => state.chapterNumber)
  const title = usePlayerState((state) => state.chapterTitle)
  const words = usePlayerState((state) => state.words)
  const supply = usePlayerState(supplyWords)
  const offer = usePlayerState((state) => state.offer)
  return (
    <div className="sheet-titles">
      <p className="sheet-chapter" lang={novel?.language}>
        <Link href={`/novels/${novel?.id}/chapters/${number}`} className="plain" onClick={onClose}>
          {title || '\u00a0'}
        </Link>
      </p>
      <p className="soft" lang={novel?.language}>
        {novel?.author}
      </p>
      {/* What the dock says aloud is not said twice. */}
      <p className="sheet-words soft">
        {words ?? supply ?? '\u00a0'}
        {offer !== undefined && (
          <button type="button" className="link-button" onClick={() => void player.speakOffered()}>
            <Trans>Speak it</Trans>
          </button>
        )}
      </p>
    </div>
  )
}

/** Where the listener is, and how long he will go on listening, at the chosen speed. */
function Times({ novelId }: { readonly novelId: string }) {
  const { novel, chapters } = useNovel(novelId).data ?? {}
  const time = usePlayerState((state) => clock(state.time))
  const about = usePlayerState((state) => state.about)
  const exact = usePlayerState((state) => state.complete)
  const rate = usePlayerState((state) => state.rate)
  const number = usePlayerState((state) => state.chapterNumber ?? 0)
  const left = usePlayerState((state) => Math.round(state.left))
  const inChapter = clock(left / rate)
  const inBook = chapters && lengthWords(leftOfBook(chapters, number, left, novel?.left?.pace) / rate)
  return (
    <p className="sheet-times figures">
      <span>
        {about && '≈ '}
        {time}
      </span>
      {inBook !== undefined && (
        <span>
          <Trans>{inBook} left in the book</Trans>
        </span>
      )}
      <span>
        {exact ? '−' : '≈ −'}
        {inChapter}
      </span>
    </p>
  )
}
