import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { CastView } from '../../src/http/contract/cast-contract.ts'
import { PushButton } from '../element/push-button.tsx'
import { Told } from '../element/told.tsx'
import type { CastChange } from './cast-queries.ts'

interface ModelQuestionsProps {
  readonly cast: CastView
  readonly change: CastChange
}

/** Has a language model propose who speaks the open lines, where one is set up. */
export function ModelQuestions({ cast: { questions, open }, change }: ModelQuestionsProps) {
  if (!questions) return null
  const { state, requests, maxRequests } = questions
  const asking = state === 'wanted'
  return (
    <section className="cast-dialogue" aria-label={t`Language model`}>
      <p>
        <Trans>
          A language model may propose who speaks the lines that the text leaves open. Passages of the book
          are sent to it; its answers are marked as proposals, and change no word.
        </Trans>
      </p>
      <p className="cast-voice">
        {asking ? (
          <PushButton
            className="button small"
            idle={change.isPending}
            onClick={() => change.mutate({ kind: 'questions/stop' })}
          >
            <Trans>Ask no more</Trans>
          </PushButton>
        ) : (
          <PushButton
            className="button small"
            idle={change.isPending || open === 0}
            onClick={() => change.mutate({ kind: 'questions' })}
          >
            <Trans>Ask the language model</Trans>
          </PushButton>
        )}
        <Told className="figures" words={stateWords(questions)} />
        <span className="figures">
          {plural(requests, {
            one: `# request of ${maxRequests} was made for this book`,
            other: `# requests of ${maxRequests} were made for this book`,
          })}
        </span>
      </p>
    </section>
  )
}

function stateWords({ state, asked, total, message = '' }: NonNullable<CastView['questions']>): string {
  switch (state) {
    case 'wanted':
      return t`Asked ${asked} of ${total} questions…`
    case 'done':
      return t`All is asked.`
    case 'stopped':
      return t`Stopped; what was answered is kept.`
    case 'failed':
      return t`It could not be asked: ${message}`
    case 'spent':
      return t`The limit of this book is reached: ${message}`
    default:
      return ''
  }
}
