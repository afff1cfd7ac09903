import { t } from '@lingui/core/macro'
import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { recall, remember } from '../element/stored.ts'
import { Announced } from '../element/told.tsx'
import { type LastVisit, spokenNovel, spokenSince, visitNow } from './spoken-since.ts'

/** Milliseconds between two notes of what stands spoken, while somebody looks. */
const noteEvery = 5000

/** What was spoken since this browser last looked, said once. */
export function WhileAway({ novels }: { readonly novels: readonly Novel[] }) {
  const [dismissed, setDismissed] = useState(false)
  const [words, setWords] = useState<string>()
  const latest = useRef(novels)
  useEffect(() => {
    latest.current = novels
  }, [novels])

  // While work runs the counts change several times a second: what goes by the clock must not begin anew with each.
  useEffect(() => {
    // Remembered only while somebody looks, so that a tab left open over night reports in the morning, too.
    const note = (): void => {
      if (document.visibilityState === 'visible')
        remember('last-visit', visitNow(latest.current.map(spokenNovel), Date.now()))
    }
    const look = (): void => {
      if (document.visibilityState !== 'visible') return
      const last = recall('last-visit') as LastVisit | undefined
      const since = spokenSince(last, latest.current.map(spokenNovel), Date.now())
      if (since) setWords(since)
      if (since) setDismissed(false)
      note()
    }
    look()
    const timer = setInterval(note, noteEvery)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])

  return (
    <>
      <Announced words={words} />
      {words && !dismissed && (
        <p className="while-away">
          {words}
          <button
            type="button"
            className="icon-button"
            aria-label={t`Put this note away`}
            onClick={() => setDismissed(true)}
          >
            <X size={18} aria-hidden="true" />
          </button>
        </p>
      )}
    </>
  )
}
