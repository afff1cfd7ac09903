import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from '../api.ts'
import { usePlayer } from '../player/player-context.ts'

export type Sample = ReturnType<typeof useSample>

type SampleState =
  | { readonly kind: 'silent' }
  | { readonly kind: 'asked' | 'heard'; readonly voice: string }
  | { readonly kind: 'failed'; readonly voice: string; readonly error: unknown }

/** Whether the sample of this voice is asked for or heard now. */
export function isSounding(state: SampleState, voice: string): boolean {
  return (state.kind === 'asked' || state.kind === 'heard') && state.voice === voice
}

/** A spoken sample of one voice at a time, in a language if it has several; asking for another, or leaving, ends it. */
export function useSample(language?: string) {
  const player = usePlayer()
  const [state, setState] = useState<SampleState>({ kind: 'silent' })
  const current = useRef<AbortController>(undefined)

  const stop = useCallback(() => {
    current.current?.abort()
    current.current = undefined
    setState({ kind: 'silent' })
  }, [])
  useEffect(() => () => current.current?.abort(), [])

  const hear = useCallback(
    /**
     * `offered`: it is not installed; the sample comes from where the voice would. `speak`: it is no voice yet, and
     * spoken by this. `text`: what it says.
     */
    async (
      voice: string,
      {
        speed = 1,
        offered = false,
        speak,
        text,
      }: {
        speed?: number
        offered?: boolean
        speak?: (signal: AbortSignal) => Promise<Blob>
        text?: string | undefined
      } = {},
    ) => {
      current.current?.abort()
      const turn = new AbortController()
      current.current = turn
      player.pause()
      setState({ kind: 'asked', voice })
      try {
        const sample = speak
          ? await speak(turn.signal)
          : offered
            ? await api.offeredSample(voice, turn.signal)
            : await api.sample(voice, { speed, language, ...(text !== undefined && { text }) }, turn.signal)
        const address = URL.createObjectURL(sample)
        const audio = new Audio(address)
        const end = (): void => {
          audio.pause()
          URL.revokeObjectURL(address)
        }
        turn.signal.addEventListener('abort', end)
        audio.addEventListener('ended', () => {
          if (current.current === turn) stop()
        })
        if (turn.signal.aborted) return end()
        await audio.play()
        setState({ kind: 'heard', voice })
      } catch (error) {
        if (!turn.signal.aborted) setState({ kind: 'failed', voice, error })
      }
    },
    [language, player, stop],
  )
  return { state, hear, stop }
}
