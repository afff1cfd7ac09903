import { t } from '@lingui/core/macro'
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Marks } from '../element/ribbon-model.ts'
import type { Connection, Feed } from './feed.ts'
import { Told } from '../element/told.tsx'
import './live.css'

export const FeedContext = createContext<Feed | undefined>(undefined)

export function useFeed(): Feed {
  const feed = useContext(FeedContext)
  if (!feed) throw new Error('no feed around this component')
  return feed
}

function useConnection(): Connection {
  const feed = useFeed()
  return useSyncExternalStore(feed.watch, () => feed.connection)
}

/**
 * Milliseconds between two askings: `streamed` while events tell what changes, five seconds, or `unstreamed`, without the
 * stream. While the server is away nothing asks: the feed alone looks for it, and has all asked again when it is back.
 */
export function usePolling(streamed: number | false = false, unstreamed = 5000): number | false {
  const connection = useConnection()
  if (connection === 'lost') return false
  return connection === 'open' ? streamed : unstreamed
}

/** Whether the server is known to be away. */
export function useIsAway(): boolean {
  return useConnection() === 'lost'
}

/** The moment's marks of a chapter in a sound; `key` by `soundKey`. */
export function useMarks(key: string): Marks {
  const feed = useFeed()
  return useSyncExternalStore(feed.watch, () => feed.marks(key))
}

/** The moment's marks of all chapters, by `soundKey`. */
export function useAllMarks(): ReadonlyMap<string, Marks> {
  const feed = useFeed()
  return useSyncExternalStore(feed.watch, () => feed.allMarks)
}

/** The chapters of a novel (in its own sound) in which something is being spoken now. */
export function useSpeakingChapters(novel: {
  readonly id: string
  readonly voice: string | null
  readonly speed: number
}): ReadonlySet<number> {
  const feed = useFeed()
  const numbers = useSyncExternalStore(feed.watch, () =>
    feed.speakingChapters(novel.id, novel.voice, novel.speed).join(' '),
  )
  return useMemo(() => new Set(numbers.split(' ').map(Number)), [numbers])
}

/** Says that the server is away, and for a moment that it is back. */
export function ConnectionNotice() {
  const connection = useConnection()
  const [was, setWas] = useState(connection)
  if (connection === 'lost' && was !== 'lost') setWas('lost')
  useEffect(() => {
    if (connection === 'lost') return undefined
    const timer = setTimeout(() => setWas(connection), 4000)
    return () => clearTimeout(timer)
  }, [connection])
  return (
    <p className="connection">
      <Told
        words={
          was === 'lost' &&
          (connection === 'lost'
            ? t`Nightjar does not answer. Nothing is lost; this page goes on by itself when it is back.`
            : t`Nightjar is back.`)
        }
      />
    </p>
  )
}
