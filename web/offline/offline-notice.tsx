import { t } from '@lingui/core/macro'
import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { noteOffline, offlineNote } from './offline-note.ts'
import { Told } from '../element/told.tsx'
import './version-notice.css'

/** What happened to what was done without a server. */
export function OfflineNotice() {
  const words = useSyncExternalStore(offlineNote.watch, offlineNote.words)
  return (
    <div className="version-notice">
      <Told words={words} />
      {words !== undefined && (
        <button
          type="button"
          className="icon-button"
          aria-label={t`Put away this note`}
          onClick={() => noteOffline(undefined)}
        >
          <X size={18} aria-hidden="true" />
        </button>
      )}
    </div>
  )
}
