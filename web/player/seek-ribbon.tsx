import { plural, t } from '@lingui/core/macro'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Ribbon } from '../element/ribbon.tsx'
import { ticksOfSegments } from '../element/ribbon-model.ts'
import { figure } from '../element/figure-words.ts'
import { spokenLength } from '../element/time-words.ts'
import { soundKey } from '../keys.ts'
import { useMarks } from '../live/live.tsx'
import { useHeardRanges } from '../queries.ts'
import { usePlayer, usePlayerState } from './player-context.ts'

/** Sentences by which a key moves. The end is the last sentence: behind it the next chapter would begin. */
const steps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: -Infinity,
  End: Infinity,
}

/** The chapter's ribbon as its seek bar: a tick is a sentence, filled when it can be heard. */
export function SeekRibbon() {
  const player = usePlayer()
  const novel = usePlayerState((state) => state.novel)
  const chapterNumber = usePlayerState((state) => state.chapterNumber ?? 0)
  const segments = usePlayerState((state) => state.segments)
  const head = usePlayerState((state) => state.segment + state.share)
  const second = usePlayerState((state) => Math.floor(state.time))
  const marks = useMarks(
    soundKey({
      novelId: novel?.id ?? '',
      chapterNumber,
      voice: novel?.voice ?? '',
      speed: novel?.speed ?? 1,
    }),
  )
  const heard = useHeardRanges(novel?.id ?? '', chapterNumber)
  const ticks = useMemo(() => ticksOfSegments(segments, marks, heard), [segments, marks, heard])
  const [held, setHeld] = useState<number>()
  const bar = useRef<HTMLInputElement>(null)

  // The element's own `change` tells where a drag ends. React's `onChange` would hear it as well, and hold again what
  // was let go.
  useEffect(() => {
    const input = bar.current
    if (!input) return undefined
    const seek = (): void => {
      const at = Math.min(Number(input.value), Number(input.max) - 0.001)
      player.seek(Math.floor(at), at % 1)
      setHeld(undefined)
    }
    input.addEventListener('change', seek)
    return () => input.removeEventListener('change', seek)
  }, [player])

  const count = segments.length
  const at = held ?? head
  const [number, time] = [figure(Math.min(count, Math.floor(at) + 1)), spokenLength(second)]
  return (
    <div className="seek">
      <Ribbon ticks={ticks} height={22} slot={Infinity}>
        {count > 0 && <span className="needle" style={{ left: `${(at / count) * 100}%` }} />}
      </Ribbon>
      <input
        ref={bar}
        type="range"
        min={0}
        max={Math.max(1, count)}
        step="any"
        value={at}
        aria-label={t`Place in the chapter`}
        aria-valuetext={plural(count, {
          one: `${time}, sentence ${number} of # sentence`,
          other: `${time}, sentence ${number} of # sentences`,
        })}
        onInput={(event) => setHeld(Number(event.currentTarget.value))}
        onPointerCancel={() => setHeld(undefined)}
        onKeyDown={(event) => {
          const step = steps[event.key]
          if (step === undefined) return
          event.preventDefault()
          player.seek(Math.max(0, Math.min(count - 1, Math.floor(head) + step)), 0)
        }}
      />
    </div>
  )
}
