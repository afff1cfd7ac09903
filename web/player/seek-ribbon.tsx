import { type KeyboardEvent, type PointerEvent, useMemo } from 'react'
import { Ribbon } from '../element/ribbon.tsx'
import { ticksOfSegments } from '../element/ribbon-model.ts'
import { spokenLength } from '../element/time-words.ts'
import { soundKey } from '../keys.ts'
import { useMarks } from '../live/live.tsx'
import { usePlayer, usePlayerState } from './player-context.ts'

/** The chapter's ribbon as its seek bar: a tick is a sentence, filled when it can be heard. */
export function SeekRibbon() {
  const player = usePlayer()
  const novel = usePlayerState((state) => state.novel)
  const chapterNumber = usePlayerState((state) => state.chapterNumber ?? 0)
  const segments = usePlayerState((state) => state.segments)
  const head = usePlayerState((state) => state.segment + state.share)
  const time = usePlayerState((state) => Math.floor(state.time))
  const length = usePlayerState((state) => Math.floor(state.length))
  const marks = useMarks(
    soundKey({
      novelId: novel?.id ?? '',
      chapterNumber,
      voice: novel?.voice ?? '',
      speed: novel?.speed ?? 1,
    }),
  )
  const ticks = useMemo(() => ticksOfSegments(segments, marks), [segments, marks])

  function seek(event: PointerEvent<HTMLDivElement>): void {
    const box = event.currentTarget.getBoundingClientRect()
    const at = Math.max(0, Math.min(0.99999, (event.clientX - box.left) / box.width)) * segments.length
    if (segments.length > 0) player.seek(Math.floor(at), at % 1)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => player.seekBy(-5),
      ArrowDown: () => player.seekBy(-5),
      ArrowRight: () => player.seekBy(5),
      ArrowUp: () => player.seekBy(5),
      PageDown: () => player.seekBy(-60),
      PageUp: () => player.seekBy(60),
      Home: () => player.seekTo(0),
      End: () => player.seekTo(Infinity),
    }
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    step()
  }

  const share = segments.length === 0 ? 0 : head / segments.length
  return (
    <div
      className="seek"
      role="slider"
      tabIndex={0}
      aria-label="Place in the chapter"
      aria-valuemin={0}
      aria-valuemax={length}
      aria-valuenow={Math.min(time, length)}
      aria-valuetext={`${spokenLength(time)} of ${spokenLength(length)}`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerUp={seek}
    >
      <Ribbon ticks={ticks} height={22} slot={Infinity}>
        {segments.length > 0 && <span className="needle" style={{ left: `${share * 100}%` }} />}
      </Ribbon>
    </div>
  )
}
