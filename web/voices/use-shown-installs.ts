import { useState } from 'react'
import type { Install } from '../../src/http/contract/voice-contract.ts'
import { recall, remember } from '../element/stored.ts'
import { useNow } from '../element/use-now.ts'
import { useInstalls } from '../queries.ts'
import { isUnderWay, shownInstalls } from './shown-installs.ts'

const stored = 'put-away-installs'

export interface ShownInstalls {
  readonly installs: readonly Install[]
  /** Not to be shown again in this browser. */
  readonly putAway: (id: string) => void
}

/** The installs that are of interest, for all places of the page that show them. */
export function useShownInstalls(): ShownInstalls {
  const now = useNow()
  const { data: all = [] } = useInstalls()
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set())
  const [away, setAway] = useState<ReadonlySet<string>>(recallAway)
  const fresh = all.filter((install) => isUnderWay(install) && !seen.has(install.id))
  if (fresh.length > 0) setSeen(new Set([...seen, ...fresh.map(({ id }) => id)]))
  return {
    installs: shownInstalls(all, { seen, away, now }),
    putAway: (id) => {
      const next = new Set([...away, id].slice(-100))
      setAway(next)
      remember(stored, [...next])
    },
  }
}

function recallAway(): ReadonlySet<string> {
  const ids = recall(stored)
  return new Set(Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [])
}
