import { useEffect } from 'react'
import type { Player } from './player.ts'
import { usePlayer, usePlayerState } from './player-context.ts'

/** Title, cover and keys on the lock screen, the headset and the keyboard's media keys. */
export function useMediaSession(): void {
  const player = usePlayer()
  const novel = usePlayerState((state) => state.novel)
  const title = usePlayerState((state) => state.chapterTitle)
  const playing = usePlayerState((state) => state.playing)
  const length = usePlayerState((state) => state.length)
  const rate = usePlayerState((state) => state.rate)
  const second = usePlayerState((state) => Math.floor(state.time))

  useEffect(() => {
    if (!novel || !('mediaSession' in navigator)) return undefined
    navigator.mediaSession.metadata = new MediaMetadata({
      title: title || novel.title,
      album: novel.title,
      artist: novel.author,
      artwork: novel.cover
        ? [320, 640].map((width) => ({ src: `${novel.cover}?width=${width}`, sizes: `${width}x${width}` }))
        : [],
    })
    const letGo = takeKeys(player)
    return () => {
      letGo()
      navigator.mediaSession.metadata = null
    }
  }, [player, novel, title])

  useEffect(() => {
    if (!('mediaSession' in navigator)) return
    navigator.mediaSession.playbackState = novel ? (playing ? 'playing' : 'paused') : 'none'
  }, [novel, playing])

  useEffect(() => {
    if (!('mediaSession' in navigator) || length <= 0) return
    navigator.mediaSession.setPositionState({
      duration: length,
      position: Math.min(second, length),
      playbackRate: rate,
    })
  }, [length, second, rate])
}

function takeKeys(player: Player): () => void {
  const keys: [MediaSessionAction, MediaSessionActionHandler][] = [
    ['play', () => player.toggle()],
    ['pause', () => player.pause()],
    ['stop', () => player.pause()],
    ['seekbackward', () => player.step(-1)],
    ['seekforward', () => player.step(1)],
    ['seekto', ({ seekTime }) => player.seekTo(seekTime ?? 0)],
    ['previoustrack', () => void player.previous()],
    ['nexttrack', () => void player.next()],
  ]
  for (const [action, handler] of keys) takeKey(action, handler)
  return () => {
    for (const [action] of keys) takeKey(action, null)
  }
}

function takeKey(action: MediaSessionAction, handler: MediaSessionActionHandler | null): void {
  try {
    navigator.mediaSession.setActionHandler(action, handler)
  } catch {
    // A browser that does not know this key.
  }
}
