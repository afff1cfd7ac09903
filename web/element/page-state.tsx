import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { type ReactNode, useEffect, useState } from 'react'
import { Link } from 'wouter'
import { isUnanswered } from '../answer-error.ts'
import { useIsAway } from '../live/live.tsx'
import { Told } from './told.tsx'
import './page-state.css'

/** Words for waiting, kept back for 300 ms so that a quick answer does not flicker. */
export function Loading({ words }: { readonly words: string }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return <Told className="page-state" words={late && words} />
}

/** What went wrong, in the server's words. */
export function Trouble({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  return (
    <div className="trouble" role="alert">
      <p>{error instanceof Error ? error.message : t`Something went wrong on this page. Load it again.`}</p>
      {onRetry && (
        <button type="button" className="button small" onClick={onRetry}>
          <Trans>Try again</Trans>
        </button>
      )}
    </div>
  )
}

interface PageTroubleProps {
  readonly title: string
  readonly error: unknown
  /** What of it is not kept on this device; left out: the page. */
  readonly unkept?: string
  readonly onRetry: () => void
}

/** A whole page that cannot be shown, with what went wrong. Without a server it says that it is not kept on this device. */
export function PageTrouble({ title, error, unkept, onRetry }: PageTroubleProps) {
  const isAway = useIsAway()
  if (!isUnanswered(error))
    return (
      <Quiet title={title}>
        <Trouble error={error} onRetry={onRetry} />
      </Quiet>
    )
  return (
    <Quiet title={title}>
      <p role="alert">
        {unkept ?? t`This page is not kept on this device.`}
        {/* Of a server that is known to be away the page tells at its foot, once for all of it. */}
        {!isAway && ` ${t`Nightjar does not answer just now.`}`}
      </p>
      <p>
        <Link href="/device">
          <Trans>To what is kept on this device</Trans>
        </Link>
      </p>
      <button type="button" className="button small" onClick={onRetry}>
        <Trans>Try again</Trans>
      </button>
    </Quiet>
  )
}

/** A whole page of words: nothing here yet, or nothing here at all. */
export function Quiet({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <section className="quiet">
      <svg viewBox="0 0 31 20" width="62" height="40" aria-hidden="true">
        <path d="M0 7h3v6H0zM7 3h3v14H7zM14 0h3v20h-3zM21 4h3v12h-3zM28 7h3v6h-3z" />
      </svg>
      <h1>{title}</h1>
      {children}
    </section>
  )
}
