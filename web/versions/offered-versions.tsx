import { useQuery } from '@tanstack/react-query'
import { Trans } from '@lingui/react/macro'
import { Link } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { keys } from '../keys.ts'
import { askVersions } from './version-api.ts'

/** Says that another version of a book came, and leads to what it has. */
export function OfferedVersions({ novel: { id, offered } }: { readonly novel: Novel }) {
  const { data: versions = [] } = useQuery({
    queryKey: keys.versions(id),
    queryFn: ({ signal }) => askVersions(id, signal),
    enabled: offered === true,
  })
  if (offered !== true) return null
  return versions.map(({ id: versionId, fileName }) => (
    <p key={versionId} className="cast-lapsed">
      <Trans>
        Another version of this book came: {fileName}.{' '}
        <Link href={`/novels/${id}/versions/${versionId}`}>See what changed</Link>
      </Trans>
    </p>
  ))
}
