import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { useLocation } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import type { VersionDifferenceView } from '../../src/http/contract/version-contract.ts'
import { BackLink } from '../element/back-link.tsx'
import { Confirm } from '../element/confirm.tsx'
import { Loading, PageTrouble, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { Told } from '../element/told.tsx'
import { useTitle } from '../element/use-title.ts'
import { keys } from '../keys.ts'
import { NoSuchBook } from '../novel/no-such-book.tsx'
import { renewReading } from '../novel/renew-reading.ts'
import { leadsNowhere, useNovel } from '../queries.ts'
import { ChapterDifference } from './chapter-difference.tsx'
import { askDifference, leaveVersion, separateVersion, takeVersion } from './version-api.ts'
import { audioWords, differenceWords } from './version-words.ts'
import '../review/review.css'
import './versions.css'

interface VersionPageProps {
  readonly id: string
  readonly versionId: string
}

/** How another version of a book differs from the one that is there, and what shall become of it. */
export function VersionPage({ id, versionId }: VersionPageProps) {
  const { t } = useLingui()
  const known = useNovel(id)
  const found = useQuery({
    queryKey: keys.version(id, versionId),
    queryFn: ({ signal }) => askDifference(id, versionId, signal),
    staleTime: 0,
  })
  const title = known.data?.novel.title ?? ''
  useTitle(title && t`Another version of ${title}`)
  if (leadsNowhere(known.error)) return <NoSuchBook />
  const error = known.error ?? found.error
  if (error && !found.data)
    return <PageTrouble title={t`Another version`} error={error} onRetry={() => void found.refetch()} />
  if (!known.data || !found.data) return <Loading words={t`Comparing the two versions…`} />
  return <Version key={versionId} novel={known.data.novel} version={found.data} />
}

const shownAtOnce = 200

function Version({ novel, version }: { readonly novel: Novel; readonly version: VersionDifferenceView }) {
  const { t } = useLingui()
  const { difference, chapters, fileName } = version
  const [shown, setShown] = useState(shownAtOnce)
  const { isPending, error, take, separate, leave } = useDecision(novel.id, version.id)
  const [speakNew, setSpeakNew] = useState(version.speakNew)
  return (
    <div className="review">
      <BackLink href={`/novels/${novel.id}`}>{novel.title}</BackLink>
      <h1>
        <Trans>Another version</Trans>
      </h1>
      <p>
        <Trans>
          You have this novel. {fileName} is another version of it, and nothing of it was taken over yet.
        </Trans>
      </p>
      <p className="version-summary">{differenceWords(difference)}</p>
      <ul className="figures version-audio">
        {audioWords(difference).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      <label className="version-speak">
        <input type="checkbox" checked={speakNew} onChange={(event) => setSpeakNew(event.target.checked)} />
        <Trans>Speak new chapters of this book by themselves, now and later</Trans>
      </label>
      <div className="version-choice">
        <PushButton className="button main" idle={isPending} onClick={() => take(speakNew)}>
          <Trans>Take it over</Trans>
        </PushButton>
        <PushButton className="button" idle={isPending} onClick={separate}>
          <Trans>Keep it as a book of its own</Trans>
        </PushButton>
        <Confirm
          trigger={
            <Button className="button" isDisabled={isPending}>
              <Trans>Leave it</Trans>
            </Button>
          }
          title={t`Leave this version?`}
          action={t`Leave it`}
          onConfirm={leave}
        >
          <p>
            <Trans>
              The book stays as it is, and the file that you sent is deleted here. This cannot be undone, but
              the file can be sent again.
            </Trans>
          </p>
        </Confirm>
      </div>
      <p className="figures">
        <Trans>
          What did not change keeps its audio, places, bookmarks and corrections. It can be undone where
          chapters are reviewed.
        </Trans>
      </p>
      <Told className="figures review-told" words={isPending && t`One moment…`} />
      {error !== null && <Trouble error={error} />}
      <h2>
        <Trans>Chapter by chapter</Trans>
      </h2>
      <ol className="version-chapters">
        {chapters.slice(0, shown).map((chapter) => (
          <ChapterDifference
            key={`${chapter.kind}/${chapter.number ?? chapter.numberBefore}`}
            chapter={chapter}
            language={novel.language}
          />
        ))}
      </ol>
      {chapters.length > shown && (
        <PushButton className="button" idle={false} onClick={() => setShown(shown + shownAtOnce)}>
          <Trans>Show more</Trans>
        </PushButton>
      )}
    </div>
  )
}

/** What becomes of a version; afterwards the page of the book is shown that there is. */
function useDecision(novelId: string, versionId: string) {
  const client = useQueryClient()
  const [, go] = useLocation()
  const decided = async (to: string): Promise<void> => {
    go(`/novels/${to}`)
    client.removeQueries({ queryKey: keys.versions(novelId) })
    void client.invalidateQueries({ queryKey: keys.review(novelId) })
    void client.invalidateQueries({ queryKey: keys.coverage(novelId) })
    void client.invalidateQueries({ queryKey: keys.heard(novelId) })
    await renewReading(client, novelId)
  }
  const decision = useMutation({
    mutationFn: async (decide: () => Promise<string>) => decide(),
    onSuccess: decided,
  })
  const { mutate, mutateAsync, isPending, error } = decision
  return {
    isPending,
    error,
    take: (speakNew: boolean) =>
      mutate(async () => {
        await takeVersion(novelId, versionId, speakNew)
        return novelId
      }),
    separate: () => mutate(async () => (await separateVersion(novelId, versionId)).novel.id),
    leave: () =>
      mutateAsync(async () => {
        await leaveVersion(novelId, versionId)
        return novelId
      }),
  }
}
