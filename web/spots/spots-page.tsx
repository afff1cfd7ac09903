import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useLocation } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import type { Spot } from '../../src/http/contract/spot-contract.ts'
import { BackLink } from '../element/back-link.tsx'
import { Loading, PageTrouble, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { useTitle } from '../element/use-title.ts'
import { NoSuchBook } from '../novel/no-such-book.tsx'
import { type Sample, useSample } from '../novel/use-sample.ts'
import { usePlayer } from '../player/player-context.ts'
import { leadsNowhere, useNovel } from '../queries.ts'
import { OtherVoice } from './other-voice.tsx'
import { reasonWords } from './spot-words.ts'
import { spotSound } from './spots-api.ts'
import { type SpotChange, useSpotChange, useSpots } from './use-spots.ts'
import '../review/review.css'
import { Told } from '../element/told.tsx'
import './spots.css'

/** The sentences of a novel whose sound may be wrong: to be heard, spoken again, or found to be fine. */
export function SpotsPage({ id }: { readonly id: string }) {
  const { t } = useLingui()
  const known = useNovel(id)
  const list = useSpots(id)
  const sample = useSample()
  const title = known.data?.novel.title ?? ''
  useTitle(title && t`Check these spots of ${title}`)
  if (leadsNowhere(known.error)) return <NoSuchBook />
  const error = known.error ?? list.error
  if (error && !list.data)
    return <PageTrouble title={t`Check these spots`} error={error} onRetry={() => void list.refetch()} />
  if (!known.data || !list.data) return <Loading words={t`Looking through the book…`} />
  const { novel } = known.data
  const { open, spots } = list.data
  return (
    <div className="spots">
      <BackLink href={`/novels/${id}`}>{novel.title}</BackLink>
      <h1>
        <Trans>Check these spots</Trans>
      </h1>
      <p>
        <Trans>
          Every sentence is listened to when it is spoken. What does not sound right is spoken again; where no
          take was quite right, the best was kept, and is listed here.
        </Trans>
      </p>
      <Told
        className="figures"
        words={
          spots.length === 0
            ? t`Nothing sounded wrong.`
            : plural(open, { 0: 'All are checked.', one: '# is to be checked', other: '# are to be checked' })
        }
      />
      <ul className="spot-list">
        {spots.map((spot) => (
          <SpotRow key={spot.id} novel={novel} spot={spot} sample={sample} />
        ))}
      </ul>
    </div>
  )
}

interface SpotRowProps {
  readonly novel: Novel
  readonly spot: Spot
  readonly sample: Sample
}

function SpotRow({ novel, spot, sample }: SpotRowProps) {
  const { t } = useLingui()
  const player = usePlayer()
  const [, go] = useLocation()
  const change = useSpotChange(novel.id)
  const { id, chapterNumber, segment, text, voice, reasons, takes, state, undo } = spot
  const { state: heard } = sample
  const isHeard = heard.kind !== 'silent' && heard.kind !== 'failed' && heard.voice === id
  const act = (which: SpotChange['act']) => {
    if (isHeard) sample.stop()
    change.mutate({ spotId: id, act: which })
  }
  const hear = () => void sample.hear(id, { speak: (signal) => spotSound(novel.id, id, signal) })
  const read = () => {
    void player.play(novel, chapterNumber, { segment })
    go(`/novels/${novel.id}/chapters/${chapterNumber}`)
  }
  const isWaiting = change.isPending
  const about = <span className="unseen">: {text.slice(0, 60)}</span>
  return (
    <li className="spot" data-settled={state !== 'open' || undefined}>
      <blockquote lang={novel.language} dir="auto">
        {text}
      </blockquote>
      <p className="figures">
        <Link href={`/novels/${novel.id}/chapters/${chapterNumber}`}>
          <Trans>Chapter {chapterNumber}</Trans>
        </Link>{' '}
        · {voice} · {plural(takes, { one: '# take', other: '# takes' })}
      </p>
      <p className="spot-reasons">
        {state === 'retaken' ? t`The new take sounds right.` : reasons.map(reasonWords).join(' · ')}
      </p>
      <div className="spot-acts">
        <PushButton className="button small" onClick={isHeard ? sample.stop : hear}>
          {isHeard ? <Trans>Stop</Trans> : <Trans>Hear it</Trans>}
          {about}
        </PushButton>
        <PushButton className="button small" onClick={read}>
          <Trans>Read it in the book</Trans>
          {about}
        </PushButton>
        <PushButton className="button small" idle={isWaiting} onClick={() => act('retake')}>
          {isWaiting && change.variables?.act === 'retake' ? (
            <Trans>Speaking it again…</Trans>
          ) : (
            <Trans>Speak it again</Trans>
          )}
          {about}
        </PushButton>
        {undo && (
          <PushButton className="button small" idle={isWaiting} onClick={() => act('undo')}>
            <Trans>The take before</Trans>
            {about}
          </PushButton>
        )}
        {state === 'open' ? (
          <PushButton className="button small" idle={isWaiting} onClick={() => act('fine')}>
            <Trans>Fine as it is</Trans>
            {about}
          </PushButton>
        ) : (
          <PushButton className="button small" idle={isWaiting} onClick={() => act('check')}>
            <Trans>Check it after all</Trans>
            {about}
          </PushButton>
        )}
      </div>
      <OtherVoice novel={novel} spot={spot} />
      {change.isError && <Trouble error={change.error} />}
      {heard.kind === 'failed' && heard.voice === id && <Trouble error={heard.error} />}
    </li>
  )
}
