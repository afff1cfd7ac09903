import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { HardDriveDownload } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { sizeWords } from '../element/size-words.ts'
import { usualAhead } from './keep-ahead.ts'
import { canKeep, keepChapters, keepNext } from './keeping.ts'
import { bytesOf, keptStore } from './kept-store.ts'
import { useKept, useKeptChapter } from './use-kept.ts'
import './keep-controls.css'

interface BookProps {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
}

/** The rule *the next N, always*, and what is kept of a book. Nothing where nothing can be kept. */
export function KeepNext({ novel, chapters }: BookProps) {
  const kept = useKept()
  const known = kept.novels.find(({ id }) => id === novel.id)
  const [count, setCount] = useState<number>()
  /** What was pressed, until it is stored. */
  const [pressed, setPressed] = useState<boolean>()
  if (!canKeep()) return null
  const ahead = known?.ahead ?? 0
  const here = kept.chapters.filter(({ novelId, kept: whole }) => novelId === novel.id && whole)
  const shown = count ?? (ahead > 0 ? ahead : usualAhead)
  return (
    <section className="keep-next" aria-label={t`On this device`}>
      <label>
        <input
          type="checkbox"
          checked={pressed ?? ahead > 0}
          onChange={({ target: { checked } }) => {
            setPressed(checked)
            void keepNext(novel, chapters, checked ? shown : 0).finally(() => setPressed(undefined))
          }}
        />
        <span>{t`Keep the next chapters on this device, always`}</span>
      </label>
      <label className="figures">
        <span>{t`How many`}</span>
        <input
          type="number"
          min={1}
          max={500}
          value={shown}
          onChange={(event) => setCount(event.target.valueAsNumber || usualAhead)}
          onBlur={() => ahead > 0 && shown !== ahead && void keepNext(novel, chapters, Math.min(500, shown))}
        />
      </label>
      {here.length > 0 && (
        <p className="figures">
          <Link href="/device">
            {t`${plural(here.length, { one: '# chapter', other: '# chapters' })} on this device`}
          </Link>
          {` · ${sizeWords(bytesOf(here))}`}
        </p>
      )}
    </section>
  )
}

/** Keeps the chapters that are ticked. */
export function KeepSelected({
  novel,
  chapters,
  numbers,
  onKept,
}: BookProps & { readonly numbers: readonly number[]; readonly onKept: () => void }) {
  if (!canKeep()) return null
  return (
    <button
      type="button"
      className="button"
      onClick={() => void keepChapters(novel, chapters, numbers).then(onKept)}
    >
      <HardDriveDownload size={18} aria-hidden="true" /> <Trans>Keep on this device</Trans>
    </button>
  )
}

/** Keeps a chapter, or lets it go. */
export function KeepChapter({ novel, chapters, number }: BookProps & { readonly number: number }) {
  const known = useKeptChapter(novel.id, number)
  if (!canKeep()) return null
  const on = known?.byHand === true
  return (
    <button
      type="button"
      className="icon-button keep-chapter"
      aria-pressed={on}
      aria-label={t`Keep this chapter on this device`}
      title={on ? t`Kept on this device` : t`Keep this chapter on this device`}
      data-on={on || undefined}
      onClick={() =>
        void (on ? keptStore.remove(novel.id, [number]) : keepChapters(novel, chapters, [number]))
      }
    >
      <HardDriveDownload size={20} aria-hidden="true" />
    </button>
  )
}

/** Says of a chapter in a list that it is here, or will be. */
export function KeptSign({ novelId, number }: { readonly novelId: string; readonly number: number }) {
  const known = useKeptChapter(novelId, number)
  if (!known) return null
  return (
    <span className="kept-sign" data-here={known.kept !== undefined || undefined}>
      <HardDriveDownload size={16} aria-hidden="true" />
      <span className="unseen">
        {known.kept ? t`On this device` : t`Will be kept on this device when it is spoken`}
      </span>
    </span>
  )
}
