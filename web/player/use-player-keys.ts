import { useEffect } from 'react'
import type { Player } from './player.ts'
import { usePlayer } from './player-context.ts'
import { rateStep } from './player-settings.ts'
import { singleKeys } from './single-keys.ts'

/** What a key does wherever it has no meaning of its own; space, the arrows and letters as players have them. */
export function usePlayerKeys(active: boolean, onFull: () => void, onHelp: () => void): void {
  const player = usePlayer()
  useEffect(() => {
    if (!active) return undefined
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
      const target = event.target as Element
      if (target.closest('input:not([type=checkbox]), textarea, select, [role=slider], [role=menu]')) return
      // In the full player keys do what they do beside it; in any other dialog nothing.
      const dialog = target.closest('[role=dialog], [role=alertdialog]')
      if (dialog && !dialog.closest('.player-sheet')) return
      const act = actions(player, onFull, onHelp)[event.key.toLowerCase()]
      if (!act || (event.key === ' ' && target.closest('button, a, summary, label'))) return
      if (!always.has(event.key) && !singleKeys.allowed) return
      act()
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [player, active, onFull, onHelp])
}

const always: ReadonlySet<string> = new Set([' ', 'ArrowLeft', 'ArrowRight'])

/** By the key in lower case. */
function actions(
  player: Player,
  onFull: () => void,
  onHelp: () => void,
): Readonly<Record<string, () => void>> {
  const { rate, settings } = player.store.state
  const louder = (by: number) => () =>
    player.change({ volume: Math.min(1, Math.max(0, Number((settings.volume + by).toFixed(2)))) })
  return {
    ' ': () => player.toggle(),
    k: () => player.toggle(),
    arrowleft: () => player.step(-1),
    arrowright: () => player.step(1),
    ',': () => player.sentence(-1),
    '.': () => player.sentence(1),
    p: () => void player.previous(),
    n: () => void player.next(),
    '[': () => player.setRate(rate - rateStep),
    ']': () => player.setRate(rate + rateStep),
    '-': louder(-0.1),
    '+': louder(0.1),
    '=': louder(0.1),
    m: () => player.mute(),
    f: onFull,
    '?': onHelp,
  }
}
