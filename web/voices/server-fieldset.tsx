import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { HTMLAttributes, ReactNode } from 'react'
import type { ServerFields } from './server-wishes.ts'

interface ServerFieldsetProps {
  readonly fields: ServerFields
  readonly hasKey: boolean
  /** How many voices the server told itself; `undefined` if they are typed. */
  readonly listed: number | undefined
  readonly onFields: (fields: ServerFields) => void
}

export function ServerFieldset({ fields, hasKey, listed, onFields }: ServerFieldsetProps) {
  const set = (change: Partial<ServerFields>): void => onFields({ ...fields, ...change })
  const text = (name: Exclude<keyof ServerFields, 'forgetKey'>, more: InputProps) => (
    <TextInput name={name} value={fields[name]} onValue={(value) => set({ [name]: value })} {...more} />
  )
  return (
    <>
      <Field label={t`What you call it`}>
        {text('title', { placeholder: t`Kokoro on the desk PC`, maxLength: 80, required: true })}
      </Field>
      <Field label={t`Address`}>
        {text('address', { placeholder: 'http://desk:8880/v1', inputMode: 'url', maxLength: 500, required: true })}
      </Field>
      <Field label={t`Key`} note={t`If it wants one. It is kept on this server and never shown again.`}>
        {text('key', {
          type: 'password',
          placeholder: hasKey ? t`Kept as it is` : '',
          autoComplete: 'new-password',
          maxLength: 500,
        })}
      </Field>
      {hasKey && (
        <label className="check">
          <input
            type="checkbox"
            checked={fields.forgetKey}
            onChange={(event) => set({ forgetKey: event.target.checked })}
          />
          <Trans>Forget its key</Trans>
        </label>
      )}
      <Field label={t`Model`}>{text('model', { placeholder: 'tts-1', maxLength: 200 })}</Field>
      <Field
        label={t`Voices`}
        note={
          listed === undefined
            ? t`A name in each line. Left empty, the server is asked.`
            : t`It told ${listed} itself. Names typed here stand instead of them.`
        }
      >
        <textarea
          name="voices"
          rows={3}
          spellCheck={false}
          autoCapitalize="none"
          value={fields.voices}
          onChange={(event) => set({ voices: event.target.value })}
        />
      </Field>
      <details>
        <summary><Trans>More</Trans></summary>
        <div className="server-more">
          <Field label={t`Requests at the same time`}>
            {text('parallel', { type: 'number', min: 1, max: 64, placeholder: '1' })}
          </Field>
          <Field label={t`Characters in a request`}>
            {text('charactersPerRequest', { type: 'number', min: 50, max: 100_000, placeholder: '4096' })}
          </Field>
          <Field label={t`Characters in a month`}>
            {text('charactersPerMonth', { type: 'number', min: 1, placeholder: t`No limit` })}
          </Field>
          <Field label={t`Rate of raw samples, Hz`} note={t`For servers that answer without a format.`}>
            {text('pcmRate', { type: 'number', min: 8000, max: 96_000, placeholder: t`None` })}
          </Field>
        </div>
      </details>
    </>
  )
}

interface FieldProps {
  readonly label: string
  readonly note?: string
  readonly children: ReactNode
}

function Field({ label, note, children }: FieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
      {note !== undefined && <small>{note}</small>}
    </label>
  )
}

interface InputProps {
  readonly type?: 'text' | 'password' | 'number'
  readonly placeholder?: string
  readonly inputMode?: HTMLAttributes<HTMLInputElement>['inputMode']
  readonly autoComplete?: string
  readonly maxLength?: number
  readonly min?: number
  readonly max?: number
  readonly required?: boolean
}

interface TextInputProps extends InputProps {
  readonly name: string
  readonly value: string
  readonly onValue: (value: string) => void
}

function TextInput({ onValue, type = 'text', autoComplete = 'off', ...rest }: TextInputProps) {
  return (
    <input
      {...rest}
      type={type}
      autoComplete={autoComplete}
      autoCapitalize="none"
      spellCheck={false}
      onChange={(event) => onValue(event.target.value)}
    />
  )
}
