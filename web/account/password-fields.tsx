import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { Field } from './field.tsx'

const shortestPassword = 8

interface NewPasswordProps {
  readonly value: string
  readonly onChange: (value: string) => void
}

/** A password that is being chosen. It can be looked at, so that it need not be typed twice. */
export function NewPassword({ value, onChange }: NewPasswordProps) {
  const [shown, setShown] = useState(false)
  return (
    <>
      <Field
        label={t`New password`}
        hint={t`At least ${shortestPassword} characters. Several words in a row are good, and may have spaces.`}
        type={shown ? 'text' : 'password'}
        autoComplete="new-password"
        required
        minLength={shortestPassword}
        maxLength={200}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <label className="setting-switch">
        <input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />
        <span>{t`Show the password`}</span>
      </label>
    </>
  )
}
