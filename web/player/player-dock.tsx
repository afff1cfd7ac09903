import { Pause, Play, RotateCcw, RotateCw, SkipForward, X } from 'lucide-react'
import { Link } from 'wouter'
import { Cover } from '../element/cover.tsx'
import { clock } from '../element/time-words.ts'
import { useMediaSession } from './media-session.ts'
import { usePlayer, usePlayerState } from './player-context.ts'
import { SeekRibbon } from './seek-ribbon.tsx'
import { usePlayerKeys } from './use-player-keys.ts'
import './dock.css'

/** Finer steps are in the full player. */
const rates = [0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3]

/** The small player at the foot of every page, there as long as something is chosen. */
export function PlayerDock() {
  const novel = usePlayerState((state) => state.novel)
  useMediaSession()
  usePlayerKeys(novel !== undefined)
  if (!novel) return null
  return (
    <section className="dock" aria-label="Player">
      <SeekRibbon />
      <div className="dock-row">
        <div className="dock-book">
          <div className="dock-cover">
            <Cover title={novel.title} author={novel.author} language={novel.language} image={novel.cover} />
          </div>
          <Titles />
        </div>
        <Controls />
        <Side />
      </div>
    </section>
  )
}

function Titles() {
  const novel = usePlayerState((state) => state.novel)
  const number = usePlayerState((state) => state.chapterNumber)
  const title = usePlayerState((state) => state.chapterTitle)
  const words = usePlayerState((state) => state.words)
  const offer = usePlayerState((state) => state.offer)
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
      <output className="dock-words">
        {words ?? <span lang={novel?.language}>{novel?.title}</span>}
        {offer !== undefined && (
          <button type="button" className="link-button" onClick={() => void player.speakOffered()}>
            Speak it
          </button>
        )}
      </output>
    </div>
  )
}

function Controls() {
  const player = usePlayer()
  const playing = usePlayerState((state) => state.playing)
  return (
    <div className="dock-controls">
      <button
        type="button"
        className="icon-button skip-time"
        aria-label="Back 15 seconds"
        onClick={() => player.seekBy(-15)}
      >
        <RotateCcw size={26} strokeWidth={1.5} aria-hidden="true" />
        <span aria-hidden="true">15</span>
      </button>
      <button
        type="button"
        className="icon-button main dock-play"
        aria-label={playing ? 'Pause' : 'Play'}
        onClick={() => player.toggle()}
      >
        {playing ? <Pause size={24} aria-hidden="true" /> : <Play size={24} aria-hidden="true" />}
      </button>
      <button
        type="button"
        className="icon-button skip-time"
        aria-label="On 15 seconds"
        onClick={() => player.seekBy(15)}
      >
        <RotateCw size={26} strokeWidth={1.5} aria-hidden="true" />
        <span aria-hidden="true">15</span>
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Next chapter"
        onClick={() => void player.next()}
      >
        <SkipForward size={20} aria-hidden="true" />
      </button>
    </div>
  )
}

function Side() {
  const player = usePlayer()
  const time = usePlayerState((state) => clock(state.time))
  const length = usePlayerState((state) => clock(state.length))
  const about = usePlayerState((state) => state.about)
  const complete = usePlayerState((state) => state.complete)
  const rate = usePlayerState((state) => state.rate)
  return (
    <div className="dock-side">
      <span className="figures dock-time">
        {about && '≈ '}
        {time} / {length}
        {!complete && <span className="so-far"> so far</span>}
      </span>
      <label>
        <span className="unseen">Speed of playing</span>
        <select value={rate} onChange={(event) => player.setRate(Number(event.target.value))}>
          {rates.map((each) => (
            <option key={each} value={each}>
              {each} ×
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="icon-button"
        aria-label="Close the player"
        onClick={() => player.close()}
      >
        <X size={20} aria-hidden="true" />
      </button>
    </div>
  )
}
