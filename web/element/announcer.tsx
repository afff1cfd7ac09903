import { useCallback, useState, useSyncExternalStore } from 'react'
import { createPortal } from 'react-dom'
import { announcements } from './announce.ts'

/**
 * The one live region of the page: what happens is said here, and stands elsewhere as plain text. It is there before
 * there is anything to say; each announcement is an element of its own, so that only what is new is read. React Aria
 * leaves what is marked so within reach while a dialog is open. Its words are in a shadow tree, which screen readers
 * read and a search in the page does not find a second time.
 */
export function Announcer() {
  const list = useSyncExternalStore(announcements.watch, announcements.list)
  const [shadow, setShadow] = useState<ShadowRoot>()
  const open = useCallback((host: HTMLElement | null) => {
    if (host) setShadow(host.attachShadow({ mode: 'closed' }))
  }, [])
  return (
    <div ref={open} className="unseen" role="log" data-live-announcer="true">
      {shadow &&
        createPortal(
          list.map(({ id, words }) => <p key={id}>{words}</p>),
          shadow,
        )}
    </div>
  )
}
