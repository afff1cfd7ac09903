import { Trans } from '@lingui/react/macro'
import { TriangleAlert } from 'lucide-react'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import type { PlanWish } from './plan-api.ts'
import { lacksRoom, planWords, remadeWords } from './plan-words.ts'
import { usePlan } from './use-plan.ts'
import './plan.css'

interface PlanLineProps {
  readonly novel: Novel
  readonly wish: PlanWish
}

/** What is spoken of a novel now: when it changes, a plan is another. */
function versionOf(novel: Novel): string {
  return `${novel.voice}/${novel.speed}/${novel.segmentsDone}/${novel.segmentsTotal}/${novel.chapterCount}`
}

/** Before a start: how much there will be to hear, how long it takes, and what it needs. */
export function PlanLine({ novel, wish }: PlanLineProps) {
  const { data } = usePlan(novel.id, wish, versionOf(novel), novel.voice !== null || wish.voice !== undefined)
  return (
    <p className="plan figures">
      {data ? (
        planWords(data).map((part, at) => (
          <span key={part}>
            {at > 0 && ' · '}
            {part}
          </span>
        ))
      ) : (
        // The room of the line, so that nothing moves when it comes.
        <span aria-hidden="true"> </span>
      )}
      {data && lacksRoom(data) && (
        <strong className="plan-warning">
          <TriangleAlert size={16} aria-hidden="true" /> <Trans>The disk has no room for it.</Trans>
        </strong>
      )}
    </p>
  )
}

/** Before another voice or speed: what that makes anew. */
export function RemadeLine({ novel, wish }: PlanLineProps) {
  const { data } = usePlan(novel.id, wish, versionOf(novel))
  return (
    <p className="plan figures">
      {data ? remadeWords(data) : <span aria-hidden="true"> </span>}
      {data && data.remade.segments > 0 && data.time.basis === 'typical' && (
        <>
          {' '}
          <Trans>How fast this voice is here is not known yet; that is by typical speed.</Trans>
        </>
      )}
    </p>
  )
}
