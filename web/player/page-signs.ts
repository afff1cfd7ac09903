import type { Player } from './player.ts'
import { ShakeDetector } from './shake-detector.ts'

const gravity = 9.81
const modifiers = new Set(['Shift', 'Control', 'Alt', 'Meta'])

/** What the page tells the player: that it goes away, and signs of somebody being awake. */
export function watchPage(player: Player): void {
  addEventListener('pagehide', () => player.leave())
  // A phone may end a page that is not looked at without a word.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') player.leave()
  })
  // Before whatever the key would mean else: who is half asleep means nothing else by it.
  addEventListener(
    'keydown',
    (event) => {
      if (modifiers.has(event.key) || !player.awake()) return
      event.preventDefault()
      event.stopImmediatePropagation()
    },
    { capture: true },
  )
  const detector = new ShakeDetector()
  const moved = ({
    acceleration,
    accelerationIncludingGravity: heavy,
    timeStamp,
  }: DeviceMotionEvent): void => {
    const felt = acceleration?.x == null ? Math.abs(lengthOf(heavy) - gravity) : lengthOf(acceleration)
    if (detector.felt(felt, timeStamp)) player.awake()
  }
  // Only while it is needed: the sensor keeps a phone from its rest.
  let watches = false
  player.store.watch(() => {
    const wanted = player.store.state.sleep.wish !== undefined
    if (wanted === watches) return
    watches = wanted
    if (wanted) addEventListener('devicemotion', moved)
    else removeEventListener('devicemotion', moved)
  })
}

function lengthOf(vector: DeviceMotionEventAcceleration | null): number {
  const { x, y, z } = vector ?? {}
  return Math.hypot(x ?? 0, y ?? 0, z ?? 0)
}
/** Within a press: an iPhone tells of its movements only to who asked. */
export function allowShakes(): void {
  const { requestPermission } = (globalThis.DeviceMotionEvent ?? {}) as {
    requestPermission?: () => Promise<string>
  }
  // Where that is refused a key will do.
  requestPermission?.().catch(() => undefined)
}
