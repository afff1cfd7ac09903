import { Link, useLocation } from 'wouter'
import { useQueue } from '../queries.ts'

/** The way to the queue; says how much is in it. */
export function QueueLink() {
  const [location] = useLocation()
  const { data } = useQueue()
  const works = (data?.running.length ?? 0) + (data?.waiting.length ?? 0)
  return (
    <Link href="/queue" aria-current={location === '/queue' ? 'page' : undefined}>
      <span>Queue</span>
      {works > 0 && (
        <span className="queue-count">
          {works}
          <span className="unseen"> at work or waiting</span>
        </span>
      )}
    </Link>
  )
}
