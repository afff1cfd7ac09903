import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { ChevronUp, Moon, Pause, Play, RotateCcw, RotateCw, SkipForward, X } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { Link } from 'wouter'
import { Cover } from '../element/cover.tsx'
import { clock } from '../element/time-words.ts'
import { FullPlayer, PlayerHelp, preloadFullPlayer } from './lazy-full-player.ts'
import { useMediaSession } from './media-session.ts'
import { usePlayer, usePlayerState } from './player-context.ts'
import { SeekRibbon } from './seek-ribbon.tsx'
import { usePlayerKeys } from './use-player-keys.ts'
import { useWakeLock } from './use-wake-lock.ts'
import { Announced } from '../element/told.tsx'
import './dock.css'

/** Finer steps are in the full player. */
const rates = [0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3]

/** The small player at the foot of every page, there as long as something is chosen; the full one grows from it. */
export function PlayerDock() {
  const novel = usePlayerState((state) => state.novel)
  const [open, setOpen] = useState<'full' | 'help'>()
  /** The help was opened from the full player, and leads back there. */
  const [above, setAbove] = useState(false)
  const toggleFull = useCallback(() => setOpen((now) => (now === 'full' ? undefined : 'full')), [])
  const openHelp = useCallback(() => {
    setOpen((now) => {
      setAbove(now === 'full')
      return 'help'
    })
  }, [])
  const chosen = novel !== undefined
  useMediaSession()
  useWakeLock()
  usePlayerKeys(chosen, toggleFull, openHelp)
  // What is wanted first is sound.
  const sounds = usePlayerState(({ phase }) => phase === 'playing')
  useEffect(() => {
    if (sounds) preloadFullPlayer()
  }, [sounds])
  if (!novel) return null
  return (
    <section className="dock" aria-label={t`Player`}>
      <SeekRibbon />
      <div className="dock-row">
        <div className="dock-book">
          <div className="dock-cover">
            <Cover title={novel.title} author={novel.author} language={novel.language} image={novel.cover} />
          </div>
          <Titles />
        </div>
        <Controls />
        <Side onOpen={toggleFull} />
      </div>
      {/* It stays below the help, so that the focus finds its way back from both. */}
      {(open === 'full' || (open === 'help' && above)) && (
        <FullPlayer onClose={() => setOpen(undefined)} onHelp={openHelp} />
      )}
      {open === 'help' && <PlayerHelp onClose={() => setOpen(above ? 'full' : undefined)} />}
    </section>
  )
}

function Titles() {
  const novel = usePlayerState((state) => state.novel)
  const number = usePlayerState((state) => state.chapterNumber)
  const title = usePlayerState((state) => state.chapterTitle)
  const words = usePlayerState((state) => state.words)
  const offer = usePlayerState((state) => state.offer)
  const dozing = usePlayerState((state) => state.sleep.dozing)
  const player = usePlayer()
  return (
    <div className="dock-titles">
      <Link
        href={`/novels/${novel?.id}/chapters/${number}`}
        className="plain dock-chapter"
        lang={novel?.language}
      >
        {title || '\u00a0'}
      </Link>
      <Announced words={dozing ? t`Asleep? Any key, or a shake, goes on.` : words} />
      <div className="dock-words">
        {dozing ? (
          <Trans>Asleep? Any key, or a shake, goes on.</Trans>
        ) : (
          (words ?? (
            <span lang={novel?.language} dir="auto">
              {novel?.title}
            </span>
          ))
        )}
        {offer !== undefined && (
          <button type="button" className="link-button" onClick={() => void player.speakOffered()}>
            <Trans>Speak it</Trans>
          </button>
        )}
      </div>
    </div>
  )
}

function Controls() {
  const player = usePlayer()
  const playing = usePlayerState((state) => state.playing)
  const step = usePlayerState((state) => state.settings.stepSeconds)
  return (
    <div className="dock-controls">
      <button
        type="button"
        className="icon-button skip-time"
        aria-label={t`Back ${step} seconds`}
        onClick={() => player.step(-1)}
      >
        <RotateCcw size={26} strokeWidth={1.5} aria-hidden="true" />
        <span aria-hidden="true">{step}</span>
      </button>
      <button
        type="button"
        className="icon-button main dock-play"
        aria-label={playing ? t`Pause` : t`Play`}
        onClick={() => player.toggle()}
      >
        {playing ? <Pause size={24} aria-hidden="true" /> : <Play size={24} aria-hidden="true" />}
      </button>
      <button
        type="button"
        className="icon-button skip-time"
        aria-label={t`On ${step} seconds`}
        onClick={() => player.step(1)}
      >
        <RotateCw size={26} strokeWidth={1.5} aria-hidden="true" />
        <span aria-hidden="true">{step}</span>
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={t`Next chapter`}
        onClick={() => void player.next()}
      >
        <SkipForward size={20} aria-hidden="true" />
      </button>
    </div>
  )
}

function Side({ onOpen }: { readonly onOpen: () => void }) {
  const player = usePlayer()
  const time = usePlayerState((state) => clock(state.time))
  const length = usePlayerState((state) => clock(state.length))
  const about = usePlayerState((state) => state.about)
  const complete = usePlayerState((state) => state.complete)
  const rate = usePlayerState((state) => state.rate)
  const sleeps = usePlayerState((state) => state.sleep.wish !== undefined)
  return (
    <div className="dock-side">
      <span className="figures dock-time">
        {sleeps && <Moon className="dock-moon" size={14} aria-label={t`The sleep timer is on`} />}
        {about && '≈ '}
        {time} / {length}
        {!complete && (
          <span className="so-far">
            {' '}
            <Trans>so far</Trans>
          </span>
        )}
      </span>
      <label>
        <span className="unseen">
          <Trans>Speed of playing</Trans>
        </span>
        <select value={rate} onChange={(event) => player.setRate(Number(event.target.value))}>
          {[...new Set([...rates, rate])]
            .toSorted((one, other) => one - other)
            .map((each) => (
              <option key={each} value={each}>
                {each} ×
              </option>
            ))}
        </select>
      </label>
      <button
        type="button"
        className="icon-button dock-open"
        aria-label={t`Open the full player`}
        aria-haspopup="dialog"
        onClick={onOpen}
      >
        <ChevronUp size={22} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button dock-close"
        aria-label={t`Close the player`}
        onClick={() => player.close()}
      >
        <X size={20} aria-hidden="true" />
      </button>
    </div>
  )
}
