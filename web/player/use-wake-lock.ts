import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { usePlayerState } from './player-context.ts'

/** Keeps the screen on while the chapter that is heard is read along, if the listener wants that. */
export function useWakeLock(): void {
  const [location] = useLocation()
  const wanted = usePlayerState(
    ({ novel, chapterNumber, playing, settings }) =>
      playing && settings.keepAwake && location === `/novels/${novel?.id}/chapters/${chapterNumber}`,
  )
  useEffect(() => {
    if (!wanted || !('wakeLock' in navigator)) return undefined
    let lock: WakeLockSentinel | undefined
    let over = false
    // The browser lets go of it when the page is hidden.
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return
      try {
        lock = await navigator.wakeLock.request('screen')
        if (over) await lock.release()
      } catch {
        // Refused, for want of battery say: the screen goes off as it does elsewhere.
      }
    }
    const seen = (): void => void ask()
    seen()
    document.addEventListener('visibilitychange', seen)
    return () => {
      over = true
      document.removeEventListener('visibilitychange', seen)
      void lock?.release().catch(() => undefined)
    }
  }, [wanted])
}
