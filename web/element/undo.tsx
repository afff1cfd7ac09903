import { t } from '@lingui/core/macro'
import { X } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Told } from './told.tsx'
import './undo.css'

interface Offer {
  /** What was done. */
  readonly words: string
  readonly undo: () => Promise<unknown>
  /** What the button says; left out: `Undo`. */
  readonly action?: string
}

let offered: Offer | undefined
const watchers = new Set<() => void>()

function set(offer: Offer | undefined): void {
  offered = offer
  for (const watcher of watchers) watcher()
}

/** Offers to take back what was just done, until something else is. */
export function offerUndo(offer: Offer): void {
  set(offer)
}

/** Long enough to be reached by whoever reads or presses slowly; the next offer takes its place. */
const shownFor = 30_000

/** The last thing that can be taken back, for a while; it stays while somebody is about to press. */
export function UndoNotice() {
  const offer = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => offered,
  )
  const [held, setHeld] = useState(false)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    if (!offer || held) return undefined
    const timer = setTimeout(() => set(undefined), shownFor)
    return () => clearTimeout(timer)
  }, [offer, held])
  const undo = async (): Promise<void> => {
    setFailed(false)
    try {
      await offer?.undo()
      // Unless it has offered something itself.
      if (offered === offer) set(undefined)
      setHeld(false)
    } catch {
      setFailed(true)
    }
  }
  return (
    <div
      className="undo"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Told
        className="undo-words"
        words={
          offer &&
          (failed ? t`It could not be undone just now. Press again, or look into the trash.` : offer.words)
        }
      />
      {offer && (
        <>
          <button type="button" className="button small" onClick={() => void undo()}>
            {offer.action ?? t`Undo`}
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={t`Put away this note`}
            onClick={() => set(undefined)}
          >
            <X size={18} aria-hidden="true" />
          </button>
        </>
      )}
    </div>
  )
}
