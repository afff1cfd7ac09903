import { t } from '@lingui/core/macro'
import { useQueries } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { recall, remember } from '../element/stored.ts'
import { novelQuery } from '../queries.ts'
import { chaptersDone, type LastVisit, type SpokenNovel, spokenSince, visitNow } from './spoken-since.ts'

/** Milliseconds between two notes of what stands spoken, while somebody looks. */
const noteEvery = 5000

/** What was spoken since this browser last looked, said once. */
export function WhileAway({ novels }: { readonly novels: readonly Novel[] }) {
  const [dismissed, setDismissed] = useState(false)
  const [words, setWords] = useState<string>()
  const counts = useChaptersDone(novels)
  const latest = useRef(counts)
  useEffect(() => {
    latest.current = counts
  }, [counts])
  const known = counts !== undefined

  // While work runs the counts change several times a second: what goes by the clock must not begin anew with each.
  useEffect(() => {
    if (!known) return undefined
    // Remembered only while somebody looks, so that a tab left open over night reports in the morning, too.
    const note = (): void => {
      if (document.visibilityState === 'visible')
        remember('last-visit', visitNow(latest.current ?? [], Date.now()))
    }
    const look = (): void => {
      if (document.visibilityState !== 'visible') return
      const last = recall('last-visit') as LastVisit | undefined
      const since = spokenSince(last, latest.current ?? [], Date.now())
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
  }, [known])

  return (
    <output>
      {words && !dismissed && (
        <span className="while-away">
          {words}
          <button
            type="button"
            className="icon-button"
            aria-label={t`Put this note away`}
            onClick={() => setDismissed(true)}
          >
            <X size={18} aria-hidden="true" />
          </button>
        </span>
      )}
    </output>
  )
}

/** The chapters spoken to the end of each novel; asks for the chapters only of those that are partly spoken. */
function useChaptersDone(novels: readonly Novel[]): readonly SpokenNovel[] | undefined {
  const partly = novels.filter((novel) => isPartly(novel))
  const details = useQueries({ queries: partly.map((novel) => novelQuery(novel.id)) })
  if (details.some((detail) => detail.isPending)) return undefined
  const known = new Map(details.flatMap(({ data }) => (data ? [[data.novel.id, data] as const] : [])))
  return novels.map((novel) => ({
    id: novel.id,
    title: novel.title,
    segmentsDone: novel.segmentsDone,
    chaptersDone: chaptersDone(novel, known.get(novel.id)?.chapters),
  }))
}

export function isPartly(novel: Novel): boolean {
  return novel.segmentsDone > 0 && novel.segmentsDone < novel.segmentsTotal
}
