import { Trans } from '@lingui/react/macro'
import { Link, useLocation } from 'wouter'
import { useQueue } from '../queries.ts'
import './queue-link.css'

/** The way to the queue; says how much is in it. */
export function QueueLink() {
  const [location] = useLocation()
  const { data } = useQueue()
  const works = (data?.running.length ?? 0) + (data?.waiting.length ?? 0)
  return (
    <Link href="/queue" aria-current={location === '/queue' ? 'page' : undefined}>
      <span>
        <Trans>Queue</Trans>
      </span>
      {works > 0 && (
        <span className="queue-count">
          {works}
          <span className="unseen">
            {' '}
            <Trans>at work or waiting</Trans>
          </span>
        </span>
      )}
    </Link>
  )
}
