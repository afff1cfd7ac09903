import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Trouble } from '../element/page-state.tsx'
import { keys } from '../keys.ts'
import { accountApi, useHouseRules } from './account-api.ts'

/** What admins decide for everybody. */
export function HouseRules() {
  const client = useQueryClient()
  const rules = useHouseRules()
  const change = useMutation({
    mutationFn: (listenersAdd: boolean) => accountApi.changeHouse({ listenersAdd }),
    onSettled: () =>
      Promise.all([keys.house, keys.audit].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
  if (!rules.data) return rules.isError ? <Trouble error={rules.error} /> : null
  return (
    <section aria-labelledby="house-title">
      <h2 id="house-title">
        <Trans>Books of listeners</Trans>
      </h2>
      <label>
        <input
          type="checkbox"
          checked={change.isPending ? change.variables : rules.data.listenersAdd}
          disabled={change.isPending}
          onChange={({ target }) => change.mutate(target.checked)}
        />{' '}
        <Trans>Listeners may add books, which they alone see</Trans>
      </label>
      <p className="soft">
        <Trans>What they have added stays theirs in any case.</Trans>
      </p>
      {change.isError && <Trouble error={change.error} />}
    </section>
  )
}
