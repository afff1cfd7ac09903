import { useQueries } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Novel } from '../../src/http/contract.ts'
import { recall, remember } from '../element/stored.ts'
import { type NovelWithChapters, novelQuery } from '../queries.ts'
import { type LastVisit, type SpokenNovel, spokenSince, visitNow } from './spoken-since.ts'

/** What was spoken since this browser last looked, said once. */
export function WhileAway({ novels }: { readonly novels: readonly Novel[] }) {
  const last = useRef(recall('last-visit') as LastVisit | undefined)
  const [dismissed, setDismissed] = useState(false)
  const [words, setWords] = useState<string>()
  const counts = useChaptersDone(novels)

  useEffect(() => {
    if (!counts) return undefined
    setWords((now) => now ?? spokenSince(last.current, counts, Date.now()))
    const note = (): void => {
      if (document.visibilityState === 'visible') remember('last-visit', visitNow(counts, Date.now()))
    }
    // Remembered only while somebody looks, so that a tab left open over night reports in the morning, too.
    const back = (): void => {
      if (document.visibilityState !== 'visible') return
      const since = spokenSince(recall('last-visit') as LastVisit | undefined, counts, Date.now())
      if (since) setWords(since)
      if (since) setDismissed(false)
      note()
    }
    const timer = setTimeout(note, 2000)
    document.addEventListener('visibilitychange', back)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', back)
    }
  }, [counts])

  return (
    <output>
      {words && !dismissed && (
        <span className="while-away">
          {words}
          <button
            type="button"
            className="icon-button"
            aria-label="Put this note away"
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
    chaptersDone: chaptersDone(novel, known.get(novel.id)),
  }))
}

function chaptersDone(novel: Novel, detail: NovelWithChapters | undefined): number {
  if (detail) return detail.chapters.filter((chapter) => chapter.status === 'completed').length
  return novel.segmentsDone === 0 ? 0 : novel.chapterCount
}

export function isPartly(novel: Novel): boolean {
  return novel.segmentsDone > 0 && novel.segmentsDone < novel.segmentsTotal
}
