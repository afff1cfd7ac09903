import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useEffect, useId, useRef, useState } from 'react'
import { isKey } from '../element/is-key.ts'
import { useFocusBack } from '../element/use-focus-back.ts'

interface CharacterNameProps {
  readonly name: string
  readonly language: string
  readonly busy: boolean
  readonly onRename: (name: string) => void
}

/** A character's name, which can be another: Enter keeps it, Escape leaves it as it was. */
export function CharacterName({ name, language, busy, onRename }: CharacterNameProps) {
  const [editing, setEditing] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  useFocusBack(button, editing)
  if (editing)
    return (
      <NameForm
        name={name}
        language={language}
        onDone={(wanted) => {
          if (wanted !== undefined && wanted !== '' && wanted !== name) onRename(wanted)
          setEditing(false)
        }}
      />
    )
  return (
    <div className="cast-name">
      <h2 lang={language}>{name}</h2>
      <button
        ref={button}
        type="button"
        className="button small"
        aria-label={t`Rename ${name}`}
        aria-disabled={busy || undefined}
        onClick={() => !busy && setEditing(true)}
      >
        <Trans>Rename</Trans>
      </button>
    </div>
  )
}

interface NameFormProps {
  readonly name: string
  readonly language: string
  /** `undefined`: it stays as it is. */
  readonly onDone: (wanted?: string) => void
}

function NameForm({ name, language, onDone }: NameFormProps) {
  const [wanted, setWanted] = useState(name)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const id = useId()
  return (
    <form
      className="cast-name"
      onSubmit={(event) => {
        event.preventDefault()
        onDone(wanted.trim())
      }}
    >
      <label htmlFor={id}>
        <Trans>Name</Trans>
      </label>
      <input
        ref={field}
        id={id}
        type="text"
        lang={language}
        value={wanted}
        maxLength={200}
        required
        autoComplete="off"
        onChange={(event) => setWanted(event.target.value)}
        onKeyDown={(event) => isKey(event, 'Escape') && onDone()}
      />
      <button type="submit" className="button small">
        <Trans>Keep</Trans>
      </button>
    </form>
  )
}
