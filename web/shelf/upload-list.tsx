import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { X } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { mayPass } from '../answer-error.ts'
import { Trouble } from '../element/page-state.tsx'
import { differenceWords } from '../versions/version-words.ts'
import { HeadingsHint } from '../novel/headings-hint.tsx'
import { ImportReport } from '../novel/import-report.tsx'
import { KeptSwitch } from '../novel/kept-switch.tsx'
import type { Uploaded } from './upload.ts'
import { Told } from '../element/told.tsx'
import type { UploadItem, useUploads } from './use-uploads.ts'

interface UploadListProps {
  readonly uploads: ReturnType<typeof useUploads>
}

/** Where chapters were found by these, a person should look whether they are right. */
const weakEvidence = new Set(['numbered-lines', 'spine', 'whole-text'])

export function UploadList({ uploads: { items, dismiss, again } }: UploadListProps) {
  if (items.length === 0) return null
  const ended = items.filter(hasEnded)
  return (
    <section className="uploads" aria-label={t`Books on their way in`}>
      <ul>
        {items.map((item) => (
          <li key={item.id} className="upload" data-kind={item.state.kind}>
            <div className="upload-name">
              <UploadName item={item} />
              <Told className="figures" words={stateWords(item.state)} />
            </div>
            {item.state.kind === 'sending' && (
              <progress max={1} value={item.state.share} aria-label={t`Sending ${item.name}`} />
            )}
            {item.state.kind === 'refused' && (
              <Trouble
                error={item.state.error}
                {...(mayPass(item.state.error) && { onRetry: () => again(item.id) })}
              />
            )}
            {item.state.kind === 'done' && <Arrived result={item.state.result} alone={items.length === 1} />}
            {hasEnded(item) && (
              <button
                type="button"
                className="icon-button upload-dismiss"
                aria-label={t`Put away the note about ${item.name}`}
                onClick={() => dismiss(item.id)}
              >
                <X size={18} aria-hidden="true" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {ended.length > 1 && (
        <button
          type="button"
          className="link-button uploads-dismiss"
          onClick={() => dismiss(...ended.map(({ id }) => id))}
        >
          <Trans>Put away all notes</Trans>
        </button>
      )}
    </section>
  )
}

function UploadName({ item: { name, state } }: { readonly item: UploadItem }) {
  if (state.kind !== 'done') return <strong>{name}</strong>
  const { id, title, language } = state.result.novel
  return (
    <Link href={`/novels/${id}`} lang={language}>
      {title}
    </Link>
  )
}

/** The book is on the shelf; how it was read stands by, and in sight where there is reason to look at it. */
function Arrived({
  result: { novel, known, restored, version, unchanged },
  alone,
}: {
  readonly result: Uploaded
  readonly alone: boolean
}) {
  const [kept, setKept] = useState(novel.kept === true)
  if (version)
    return (
      <p className="figures">
        <Trans>You have this novel.</Trans> {differenceWords(version.difference)}.{' '}
        <Link href={`/novels/${novel.id}/versions/${version.id}`}>
          <Trans>See what changed, and take it over</Trans>
        </Link>
      </p>
    )
  if (unchanged)
    return (
      <p className="figures">
        <Trans>You have this novel, and nothing in it changed.</Trans>
      </p>
    )
  if (known)
    return (
      <p className="figures">
        {restored ? (
          <Trans>It was in the trash, and is back with all that it had.</Trans>
        ) : (
          <Trans>It was on your shelf already.</Trans>
        )}
      </p>
    )
  return (
    <>
      <KeptSwitch novel={novel} kept={kept} onKept={setKept} />
      <details open={alone || weakEvidence.has(novel.report.evidence)}>
        <summary className="figures">
          <Trans>How it was read</Trans>
        </summary>
        <HeadingsHint novel={novel} chapters={novel.report.chapters} characters={novel.report.characters} />
        <ImportReport report={novel.report} />
      </details>
    </>
  )
}

function hasEnded({ state }: UploadItem): boolean {
  return state.kind === 'done' || state.kind === 'refused'
}

function stateWords(state: UploadItem['state']): string {
  if (state.kind === 'waiting') return t`Waiting for its turn`
  if (state.kind === 'refused') return t`Not taken in`
  if (state.kind === 'done')
    return plural(state.result.novel.chaptersNarrated, { one: '# chapter', other: '# chapters' })
  return state.share < 1 ? t`Sending, ${Math.floor(state.share * 100)} %` : t`Being read…`
}
