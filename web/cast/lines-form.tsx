import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'

interface Named {
  readonly role: number
  readonly name: string
}

interface LinesFormProps {
  /** Those who speak in the chapter first. */
  readonly roles: readonly Named[]
  readonly all: readonly Named[]
  /** How many lines are chosen. */
  readonly count: number
  readonly busy: boolean
  readonly onGive: (role: number | null) => void
}

/** Shown with their keys. */
const withKeys = 9

/** Gives the chosen lines to somebody. */
export function LinesForm({ roles, all, count, busy, onGive }: LinesFormProps) {
  return (
    <div className="sticky-bar cast-bar">
      <label>
        {plural(count, { one: 'Give the chosen line to', other: 'Give the # chosen lines to' })}{' '}
        <select
          value=""
          disabled={busy}
          onChange={(event) => onGive(event.target.value === 'found' ? null : Number(event.target.value))}
        >
          <option value="">{t`somebody…`}</option>
          <option value="0">{t`0 · the narrator`}</option>
          {roles.slice(0, withKeys).map(({ role, name }, at) => (
            <option key={role} value={role}>
              {at + 1} · {name}
            </option>
          ))}
          {all.length > withKeys && (
            <optgroup label={t`Others`}>
              {roles.slice(withKeys).map(({ role, name }) => (
                <option key={role} value={role}>
                  {name}
                </option>
              ))}
            </optgroup>
          )}
          <option value="1">{t`nobody known`}</option>
          <option value="found">{t`as it was found`}</option>
        </select>
      </label>
      <p className="figures">
        <Trans>
          In the list: arrow keys choose a line, with Shift several; 0 to 9 give them away, Delete leaves them
          as found.
        </Trans>
      </p>
    </div>
  )
}
