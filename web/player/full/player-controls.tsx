import { t } from '@lingui/core/macro'
import {
  ChevronLeft,
  ChevronRight,
  type LucideIcon,
  Pause,
  Play,
  RotateCcw,
  RotateCw,
  SkipBack,
  SkipForward,
} from 'lucide-react'
import { usePlayer, usePlayerState } from '../player-context.ts'

/** By chapters, sentences and seconds, back and on, around the one button that matters. */
export function PlayerControls() {
  const player = usePlayer()
  const playing = usePlayerState((state) => state.playing)
  const step = usePlayerState((state) => state.settings.stepSeconds)
  return (
    <div className="sheet-controls">
      <Control sign={SkipBack} name={t`Previous chapter`} onPress={() => void player.previous()} />
      <Control sign={ChevronLeft} name={t`Previous sentence`} onPress={() => player.sentence(-1)} />
      <Control
        sign={RotateCcw}
        name={t`Back ${step} seconds`}
        figure={step}
        onPress={() => player.step(-1)}
      />
      <button
        type="button"
        className="icon-button main sheet-play"
        aria-label={playing ? t`Pause` : t`Play`}
        onClick={() => player.toggle()}
      >
        {playing ? <Pause size={32} aria-hidden="true" /> : <Play size={32} aria-hidden="true" />}
      </button>
      <Control sign={RotateCw} name={t`On ${step} seconds`} figure={step} onPress={() => player.step(1)} />
      <Control sign={ChevronRight} name={t`Next sentence`} onPress={() => player.sentence(1)} />
      <Control sign={SkipForward} name={t`Next chapter`} onPress={() => void player.next()} />
    </div>
  )
}

interface ControlProps {
  readonly sign: LucideIcon
  readonly name: string
  /** Written into the sign. */
  readonly figure?: number
  readonly onPress: () => void
}

function Control({ sign: Sign, name, figure, onPress }: ControlProps) {
  const withFigure = figure !== undefined
  return (
    <button
      type="button"
      className={withFigure ? 'icon-button skip-time' : 'icon-button'}
      aria-label={name}
      onClick={onPress}
    >
      <Sign size={withFigure ? 30 : 24} strokeWidth={1.5} aria-hidden="true" />
      {withFigure && <span aria-hidden="true">{figure}</span>}
    </button>
  )
}
