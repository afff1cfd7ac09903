import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useLocation } from 'wouter'
import { usePlayerState } from '../player/player-context.ts'
import { pageVersion } from './page-version.ts'
import { Told } from '../element/told.tsx'
import './version-notice.css'

/**
 * Offers the page of a new version. Where nothing plays and nothing is being sent it is taken when the listener goes to
 * another page.
 */
export function VersionNotice({ busy }: { readonly busy: boolean }) {
  const outdated = useSyncExternalStore(pageVersion.watch, () => pageVersion.outdated)
  const playing = usePlayerState((state) => state.playing)
  const [location] = useLocation()
  const shown = useRef(location)
  useEffect(() => {
    const moved = shown.current !== location
    shown.current = location
    if (moved && outdated && !playing && !busy) globalThis.location.reload()
  }, [location, outdated, playing, busy])
  return (
    <div className="version-notice">
      <Told words={outdated && t`A new version of Nightjar is here.`} />
      {outdated && (
        <button type="button" className="button small" onClick={() => globalThis.location.reload()}>
          <Trans>Reload</Trans>
        </button>
      )}
    </div>
  )
}
