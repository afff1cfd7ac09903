import { Trans, useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Quiet } from '../element/page-state.tsx'

/** At an address of a book that is not there; `children`: why. */
export function NoSuchBook({ children }: { readonly children?: ReactNode }) {
  const { t } = useLingui()
  return (
    <Quiet title={t`There is no such book`}>
      {children}
      <p>
        <Link href="/">
          <Trans>To the shelf</Trans>
        </Link>
      </p>
    </Quiet>
  )
}
