import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ImportSummaryView } from '../../src/http/contract/import-batch-contract.ts'
import { send } from '../api.ts'
import { Trouble } from '../element/page-state.tsx'
import { keys } from '../keys.ts'
import { importAddresses } from '../shelf/use-imports.ts'

/** Whether who has begun an import alone sees what it brings in. */
export function KeptImport({ summary: { id, kept, mayKeep } }: { readonly summary: ImportSummaryView }) {
  const client = useQueryClient()
  const keeping = useMutation({
    mutationFn: (wanted: boolean) => send('PATCH', importAddresses.one(id), { kept: wanted }),
    onSettled: () =>
      Promise.all([keys.imports, keys.novels].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
  if (!mayKeep) return null
  return (
    <div className="import-kept">
      <label>
        <input
          type="checkbox"
          checked={keeping.isPending ? keeping.variables : kept === true}
          disabled={keeping.isPending}
          onChange={({ target }) => keeping.mutate(target.checked)}
        />{' '}
        <Trans>Keep the new books of this import to myself</Trans>
      </label>
      {keeping.isError && <Trouble error={keeping.error} />}
    </div>
  )
}
