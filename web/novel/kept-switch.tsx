import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { api } from '../api.ts'
import { Trouble } from '../element/page-state.tsx'
import { keys } from '../keys.ts'

interface KeptSwitchProps {
  readonly novel: Novel
  /** Whether it is; left out: as the novel says. */
  readonly kept?: boolean
  /** Called when it is stored, for what is not asked for again by itself. */
  readonly onKept?: (kept: boolean) => void
}

/** Whether one alone sees the novel, for who may decide that. */
export function KeptSwitch({ novel, kept: stored = novel.kept === true, onKept }: KeptSwitchProps) {
  const client = useQueryClient()
  const keeping = useMutation({
    mutationFn: (kept: boolean) => api.patchNovel(novel.id, { kept }),
    onSuccess: (_, kept) => onKept?.(kept),
    onSettled: () =>
      Promise.all(
        [keys.novel(novel.id), keys.novels].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  })
  if (!novel.mayKeep) return null
  const kept = keeping.isPending ? keeping.variables : stored
  return (
    <div className="kept-switch">
      <label>
        <input
          type="checkbox"
          checked={kept}
          disabled={keeping.isPending}
          onChange={({ target }) => keeping.mutate(target.checked)}
        />{' '}
        <Trans>Keep this book to myself</Trans>
      </label>
      <p className="soft">
        {kept ? (
          <Trans>
            Nobody else here sees it, admins neither. A podcast address that it had works no more.
          </Trans>
        ) : (
          <Trans>Everybody here sees it.</Trans>
        )}
      </p>
      {keeping.isError && <Trouble error={keeping.error} />}
    </div>
  )
}
