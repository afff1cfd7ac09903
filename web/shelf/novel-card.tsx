import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { CheckCheck, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import { Link } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { Cover } from '../element/cover.tsx'
import { LateConfirm } from '../element/late-confirm.tsx'
import { Ribbon } from '../element/ribbon.tsx'
import { heardFrom, type Tick, ticksOfCount, ticksOfParts } from '../element/ribbon-model.ts'
import { heardWords } from '../element/status-words.ts'
import { lengthWords, percentOf } from '../element/time-words.ts'
import { leftWords, useTimeLeft } from '../listener/use-time-left.ts'
import { useSpeakingChapters } from '../live/live.tsx'

interface NovelCardProps {
  readonly novel: Novel
  /** Left out: who sits here may not. */
  readonly onDelete: (() => Promise<unknown>) | undefined
}

export function NovelCard({ novel, onDelete }: NovelCardProps) {
  const ticks = useChapterTicks(novel)
  const left = useTimeLeft(novel)
  const begun = novel.position !== undefined || novel.segmentsHeard > 0
  return (
    <li className="novel-card">
      <Link href={`/novels/${novel.id}`} className="novel-card-link">
        <Cover title={novel.title} author={novel.author} language={novel.language} image={novel.cover} />
        {novel.finished && (
          <span className="novel-card-heard">
            <CheckCheck size={16} aria-hidden="true" />
            <span className="unseen">{t`Heard:`} </span>
          </span>
        )}
        <span className="novel-card-title" lang={novel.language}>
          {novel.title}
        </span>
      </Link>
      <p className="novel-card-author" lang={novel.language}>
        {novel.author || t`Author unknown`}
      </p>
      <Ribbon ticks={ticks} height={10} slot={5} label={ribbonWords(novel)} />
      <p className="figures">{figures(novel)}</p>
      {begun && left && <p className="figures">{leftWords(left.seconds, left.about)}</p>}
      {onDelete && (
        <LateConfirm
          className="icon-button novel-card-delete"
          label={t`Delete ${novel.title}`}
          sign={<Trash2 size={16} aria-hidden="true" />}
          title={t`Delete “${novel.title}”?`}
          action={t`Delete the novel`}
          onConfirm={onDelete}
        >
          <p>
            {novel.segmentsDone > 0 ? (
              <Trans>
                The book, your place in it and {lengthWords(novel.seconds)} of spoken audio stay in the trash
                for 30 days, and can be restored from there.
              </Trans>
            ) : (
              <Trans>
                The book and your place in it stay in the trash for 30 days, and can be restored from there.
              </Trans>
            )}
          </p>
        </LateConfirm>
      )}
    </li>
  )
}

/** A tick per chapter, or for neighbours together. */
function useChapterTicks(novel: Novel): readonly Tick[] {
  const speaking = useSpeakingChapters(novel)
  return useMemo(() => {
    if (novel.ribbon) return ticksOfParts(novel.ribbon, speaking)
    const { chaptersNarrated: count, segmentsTotal: total } = novel
    const share = (part: number): number => (total === 0 ? 0 : Math.floor((part / total) * count))
    return heardFrom(ticksOfCount(count, share(novel.segmentsDone)), share(novel.segmentsHeard))
  }, [novel, speaking])
}

function figures(novel: Novel): string {
  const chapters = plural(novel.chaptersNarrated, { one: '# chapter', other: '# chapters' })
  const percent = percentOf(novel.segmentsDone, novel.segmentsTotal)
  const made =
    percent === 0
      ? chapters
      : `${percent === 100 ? chapters : `${percent} %`} · ${lengthWords(novel.seconds)}`
  const heard = heardWords(novel.segmentsHeard, novel.segmentsTotal, novel.finished)
  return heard ? `${made} · ${heard}` : made
}

function ribbonWords(novel: Novel): string {
  const made = t`${plural(novel.chaptersNarrated, { one: '# chapter', other: '# chapters' })}, ${percentOf(novel.segmentsDone, novel.segmentsTotal)} % spoken`
  const heard = heardWords(novel.segmentsHeard, novel.segmentsTotal, novel.finished)
  return heard ? `${made}, ${heard}` : made
}
