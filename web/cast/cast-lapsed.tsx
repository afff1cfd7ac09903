import { Trans } from '@lingui/react/macro'
import { Link } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'

/** Says that a book is not spoken by its cast any more, and leads to where it can be again. */
export function CastLapsed({ novel: { id, castLapsed } }: { readonly novel: Novel }) {
  if (castLapsed !== true) return null
  return (
    <p className="cast-lapsed">
      <Trans>
        Chapters of this book were made anew since its cast was applied: the narrator alone speaks them until
        it is applied again. <Link href={`/novels/${id}/cast`}>To the cast</Link>
      </Trans>
    </p>
  )
}
