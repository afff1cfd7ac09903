import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { CopyField } from './copy-field.tsx'
import './secret-once.css'

interface SecretOnceProps {
  readonly label: string
  readonly secret: string
  /** That it is not shown again, and what to do with it. */
  readonly children: ReactNode
  readonly onTaken: () => void
}

/** What the server tells this one time. It stands here until somebody says that they have it. */
export function SecretOnce({ label, secret, children, onTaken }: SecretOnceProps) {
  return (
    <div className="secret-once">
      <CopyField label={label} value={secret} />
      <p className="figures">{children}</p>
      <button type="button" className="button small" onClick={onTaken}>
        <Trans>I have it</Trans>
      </button>
    </div>
  )
}
