import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useId } from 'react'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import type { LeftOut } from './left-out-places.ts'
import { useLanguage } from '../i18n/language.ts'
import { skipWords, whyLeftOut } from './left-out.ts'
import type { TakeIn } from './use-take-in.ts'
import './left-out-texts.css'

/** Characters up to which a text is shown without being asked for. */
const atOnce = 280

interface LeftOutTextsProps {
  readonly texts: readonly LeftOut[] | undefined
  readonly language: string
  readonly takeIn: TakeIn | undefined
}

/** What was left out at one place of a chapter, each with the way to have it read aloud, for who may. */
export function LeftOutTexts({ texts = [], language, takeIn }: LeftOutTextsProps) {
  return texts.map((each) => (
    <LeftOutText key={each.index} leftOut={each} language={language} takeIn={takeIn} />
  ))
}

interface LeftOutTextProps {
  readonly leftOut: LeftOut
  readonly language: string
  readonly takeIn: TakeIn | undefined
}

function LeftOutText({ leftOut, language, takeIn }: LeftOutTextProps) {
  const label = useId()
  const { reason, text } = leftOut
  const asked = takeIn?.variables?.text === text && takeIn.variables.reason === reason
  const sending = takeIn?.isPending && takeIn.variables?.index === leftOut.index
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const whole = (
    <div className="left-out-words" lang={language} dir="auto">
      {lines.map((line, at) => (
        // A line is nothing but its place in the text.
        // oxlint-disable-next-line react/no-array-index-key
        <p key={at}>{line}</p>
      ))}
    </div>
  )
  return (
    <fieldset className="left-out-text" aria-labelledby={label} lang={useLanguage()}>
      <p id={label}>
        <strong>
          <Trans>Not read aloud: {skipWords(reason)}.</Trans>
        </strong>{' '}
        {whyLeftOut(reason)}
      </p>
      {text.length <= atOnce ? (
        whole
      ) : (
        <details>
          <summary>
            <span lang={language}>{`${text.slice(0, 80).replaceAll(/\s+/g, ' ').trim()}…`}</span>{' '}
            {`(${plural(text.length, { one: '# character', other: '# characters' })})`}
          </summary>
          {whole}
        </details>
      )}
      {takeIn && (
        <PushButton
          className="button small"
          idle={takeIn.isPending}
          aria-describedby={label}
          onClick={() => takeIn.mutate(leftOut)}
        >
          {sending ? t`One moment…` : t`Read this aloud`}
        </PushButton>
      )}
      {asked && takeIn?.isError && <Trouble error={takeIn.error} />}
    </fieldset>
  )
}
