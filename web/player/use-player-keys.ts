import { useEffect } from 'react'
import { usePlayer } from './player-context.ts'

const step = 15

/** Space plays and pauses, the left and right arrows go back and on, wherever they have no meaning of their own. */
export function usePlayerKeys(active: boolean): void {
  const player = usePlayer()
  useEffect(() => {
    if (!active) return undefined
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
      const target = event.target as Element
      if (target.closest('input, textarea, select, [role=slider], [role=dialog], [role=alertdialog]')) return
      if (event.key === 'ArrowLeft') player.seekBy(-step)
      else if (event.key === 'ArrowRight') player.seekBy(step)
      else if (event.key === ' ' && !target.closest('button, a, summary')) player.toggle()
      else return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [player, active])
}
