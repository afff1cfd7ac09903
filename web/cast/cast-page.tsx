import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useMemo, useState } from 'react'
import { Link } from 'wouter'
import type { CastView } from '../../src/http/contract/cast-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { BackLink } from '../element/back-link.tsx'
import { Loading, PageTrouble, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { RevertButton } from '../element/revert-button.tsx'
import { useTitle } from '../element/use-title.ts'
import { NoSuchBook } from '../novel/no-such-book.tsx'
import { useSample } from '../novel/use-sample.ts'
import { remadeWords } from '../plan/plan-words.ts'
import { leadsNowhere, useNovel, useVoices } from '../queries.ts'
import { type CastChange, useCast, useCastCommand, useCastPlan } from './cast-queries.ts'
import { CharacterRow } from './character-row.tsx'
import { ModelQuestions } from './model-questions.tsx'
import { OwnVoices } from './own-voices.tsx'
import { castMerged, castWith, castWithDialogue, castWithProposals } from './wanted-cast.ts'
import { VoiceSelect } from './voice-select.tsx'
import '../element/sticky-bar.css'
import { Told } from '../element/told.tsx'
import './cast.css'

/** Who speaks in a book, in which voices, and what it costs to have it spoken so. */
export function CastPage({ id }: { readonly id: string }) {
  const { t } = useLingui()
  const known = useNovel(id)
  const cast = useCast(id)
  const change = useCastCommand(id)
  const title = known.data?.novel.title ?? ''
  useTitle(title && t`The cast of ${title}`)
  if (leadsNowhere(known.error)) return <NoSuchBook />
  const error = known.error ?? cast.error
  if (error && !cast.data)
    return <PageTrouble title={t`The cast`} error={error} onRetry={() => void cast.refetch()} />
  if (!known.data || !cast.data) return <Loading words={t`Looking who speaks…`} />
  const { novel, chapters } = known.data
  const { state, unread, lapsed, characters } = cast.data
  const first = chapters.find(({ narrated }) => narrated)?.number ?? 1
  return (
    <div className="cast">
      <BackLink href={`/novels/${id}`}>{novel.title}</BackLink>
      <h1>
        <Trans>The cast</Trans>
      </h1>
      {lapsed && (
        <p>
          {unread > 0 ? (
            <Trans>
              Chapters were made anew since this cast was applied: the narrator alone speaks them. Have them
              read, and then the book spoken so again.
            </Trans>
          ) : (
            <Trans>
              Chapters were made anew since this cast was applied: the narrator alone speaks them until you
              have the book spoken so again.
            </Trans>
          )}
        </p>
      )}
      {state === 'none' && (
        <p>
          <Trans>
            Nightjar reads through the book and finds who speaks each line, as far as the text tells. What it
            does not tell stays open; nothing is spoken anew before you say so.
          </Trans>
        </p>
      )}
      {(state === 'none' || state === 'failed' || (state === 'ready' && unread > 0)) && (
        <p>
          <PushButton
            className="button"
            idle={change.isPending}
            onClick={() => change.mutate({ kind: 'analysis' })}
          >
            {state === 'ready' && characters.length > 0 ? (
              <Trans>Read the changed chapters</Trans>
            ) : (
              <Trans>Find who speaks</Trans>
            )}
          </PushButton>
        </p>
      )}
      <Told
        className="figures cast-told"
        words={
          state === 'analysing'
            ? t`Reading through the book…`
            : state === 'failed' && t`The book could not be read through.`
        }
      />
      {change.isError && <Trouble error={change.error} />}
      {cast.data.version > 0 && (
        <>
          <CastBar novelId={id} cast={cast.data} change={change} />
          <ModelQuestions cast={cast.data} change={change} />
          <Dialogue novel={novel} chapterNumber={first} cast={cast.data} change={change} />
          <Characters novel={novel} cast={cast.data} change={change} />
          <OwnVoices novel={novel} cast={cast.data} change={change} />
        </>
      )}
    </div>
  )
}

interface CastProps {
  readonly cast: CastView
  readonly change: CastChange
}

/** What is not in the book yet, what it costs, and the ways back. */
function CastBar({ novelId, cast, change }: CastProps & { readonly novelId: string }) {
  const { t } = useLingui()
  const plan = useCastPlan(novelId, cast)
  const { version, applied, undo, redo } = cast
  const busy = change.isPending
  return (
    <div className="sticky-bar cast-bar">
      <RevertButton direction="undo" idle={!undo || busy} onRevert={(kind) => change.mutate({ kind })} />
      <RevertButton direction="redo" idle={!redo || busy} onRevert={(kind) => change.mutate({ kind })} />
      <PushButton
        className="button main"
        idle={applied || busy}
        onClick={() => change.mutate({ kind: 'apply', version })}
      >
        <Trans>Have the book spoken so</Trans>
      </PushButton>
      <Told
        className="figures"
        words={
          busy
            ? t`One moment…`
            : applied
              ? t`The book is spoken so.`
              : plan.data && remadeWords({ remade: plan.data })
        }
      />
    </div>
  )
}

/** The lines that nobody is known to speak. */
function Dialogue({
  novel,
  chapterNumber,
  cast,
  change,
}: CastProps & { readonly novel: Novel; readonly chapterNumber: number }) {
  const { t } = useLingui()
  const voices = useVoices().data ?? []
  const { open, narrated, corrections, characters } = cast
  const proposals = characters.some(
    ({ voice, proposedVoice }) => voice === undefined && proposedVoice !== undefined,
  )
  return (
    <section className="cast-dialogue" aria-label={t`The rest of the dialogue`}>
      <p>
        {plural(open, {
          one: 'Of # line the text does not tell who speaks it.',
          other: 'Of # lines the text does not tell who speaks them.',
        })}{' '}
        {narrated > 0 &&
          plural(narrated, { one: '# line is the narrator’s.', other: '# lines are the narrator’s.' })}{' '}
        {corrections > 0 &&
          plural(corrections, {
            one: '# line was given to somebody here.',
            other: '# lines were given to somebody here.',
          })}
      </p>
      <p className="cast-voice">
        <label>
          <Trans>The rest of the dialogue</Trans>{' '}
          <VoiceSelect
            label={t`Voice of the rest of the dialogue`}
            voices={voices}
            language={novel.language}
            chosen={cast.dialogue}
            none={t`the narrator`}
            onChoose={(voice) =>
              change.mutate({ kind: 'put', change: (now) => castWithDialogue(now, voice) })
            }
          />
        </label>
        <Link className="button small" href={`/novels/${novel.id}/cast/${chapterNumber}`}>
          <Trans>Line by line</Trans>
        </Link>
        {proposals && (
          <PushButton
            className="button small"
            idle={change.isPending}
            onClick={() => change.mutate({ kind: 'put', change: castWithProposals })}
          >
            <Trans>Take all proposed voices</Trans>
          </PushButton>
        )}
      </p>
    </section>
  )
}

/** More are shown when asked for. */
const shownAtFirst = 40

function Characters({ novel, cast, change }: CastProps & { readonly novel: Novel }) {
  const [all, setAll] = useState(false)
  const voices = useVoices().data
  const sample = useSample(novel.language)
  const narrator = useMemo(() => voices?.find(({ id }) => id === novel.voice), [voices, novel.voice])
  const { mutate, isPending: busy } = change
  const onVoice = (role: number, voice: string | null): void => {
    mutate({
      kind: 'put',
      change: (now) => castWith(now, role, (one) => ({ ...one, voice: voice ?? undefined })),
    })
  }
  const { characters } = cast
  const shown = all ? characters : characters.slice(0, shownAtFirst)
  const hidden = characters.length - shown.length
  return (
    <>
      <ul className="cast-list">
        {shown.map((character) => (
          <CharacterRow
            key={character.role}
            novelId={novel.id}
            language={novel.language}
            character={character}
            others={characters.filter(({ role }) => role !== character.role)}
            voices={voices ?? []}
            narrator={narrator}
            sample={sample}
            busy={busy}
            onVoice={onVoice}
            onChange={(role, wanted) => mutate({ kind: 'put', change: (now) => castWith(now, role, wanted) })}
            onMerge={(role, into) => mutate({ kind: 'put', change: (now) => castMerged(now, role, into) })}
          />
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          {plural(hidden, { one: 'Show # more', other: 'Show # more' })}
        </button>
      )}
    </>
  )
}
