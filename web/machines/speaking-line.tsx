import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Link } from 'wouter'
import type { Server } from '../../src/http/contract/speaker-contract.ts'
import { useQueue, useVoices } from '../queries.ts'
import { type Spoken, spokenNow } from './machine-words.ts'

/** So many chapters are named; a machine of many speakers may be at more. */
const most = 3

/** What a machine speaks now: the chapters, and whose voice it is. Keeps its room where it speaks nothing. */
export function SpeakingLine({ leases }: { readonly leases: Server['leases'] }) {
  const spoken = spokenNow(leases)
  const [named, rest] = [spoken.slice(0, most), spoken.length - most]
  return (
    <ul className="machine-speaks" aria-label={t`Speaks now`}>
      {named.map((each) => (
        <li key={each.key}>
          <What spoken={each} />
        </li>
      ))}
      {rest > 0 && (
        <li className="figures">
          <Trans>and {rest} more</Trans>
        </li>
      )}
    </ul>
  )
}

function What({ spoken: { voice, chapter } }: { readonly spoken: Spoken }) {
  const { data: queue } = useQueue()
  const { data: voices } = useVoices()
  const works = queue && [...queue.running, ...queue.waiting, ...queue.finished]
  const title = works?.find(({ novelId }) => novelId === chapter?.novelId)?.novelTitle ?? t`A book`
  const reader = voices?.find(({ id }) => id === voice)?.name ?? voice
  return (
    <>
      {chapter ? (
        <Link href={`/novels/${chapter.novelId}/chapters/${chapter.number}`}>
          <Trans>
            {title}, chapter {chapter.number}
          </Trans>
        </Link>
      ) : (
        t`A few words to try a voice`
      )}
      <span className="figures">
        {' '}
        <Trans>read by {reader}</Trans>
      </span>
    </>
  )
}
