import { t } from '@lingui/core/macro'
import { Pause, Play } from 'lucide-react'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { useHeard, usePlayer } from './player-context.ts'

interface ListenButtonProps {
  readonly novel: Novel
  readonly chapterNumber: number
  /** What it says while the chapter does not play. */
  readonly words: string
  /** What it says while it plays; left out: `Pause`. */
  readonly pauseWords?: string
  /** Only the sign of it is seen. */
  readonly sign?: boolean
  readonly className?: string
}

/**
 * The one way to listen: whether a chapter is made, half made, waiting or was never asked for, a press brings sound.
 * While it plays the same button stops it, so the focus stays.
 */
export function ListenButton(props: ListenButtonProps) {
  const { novel, chapterNumber, words, pauseWords = t`Pause`, sign = false, className } = props
  const player = usePlayer()
  const isPlaying = useHeard(novel.id, chapterNumber) === 'playing'
  const Sign = isPlaying ? Pause : Play
  const said = isPlaying ? pauseWords : words
  return (
    <button
      type="button"
      className={className ?? (sign ? 'icon-button' : 'button main')}
      aria-label={sign ? said : undefined}
      onClick={() => (isPlaying ? player.pause() : void player.play(novel, chapterNumber))}
    >
      <Sign size={18} aria-hidden="true" />
      {!sign && <span className="button-words">{said}</span>}
    </button>
  )
}
