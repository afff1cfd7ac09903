import { Trans } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { accountApi } from './account-api.ts'
import { ProviderTrouble } from './provider-button.tsx'

interface ProviderProps {
  readonly name: string
  readonly isConnected: boolean
}

/** Has one's own account be known by the provider too, so that one comes in by either way. */
export function Provider({ name, isConnected }: ProviderProps) {
  const connecting = useMutation({
    mutationFn: accountApi.connectProvider,
    onSuccess: (address) => location.assign(address),
  })
  return (
    <section aria-labelledby="provider-title">
      <h2 id="provider-title">{name}</h2>
      <ProviderTrouble />
      {isConnected ? (
        <p className="soft">
          <Trans>You can sign in with {name}.</Trans>
        </p>
      ) : (
        <>
          <p className="soft">
            <Trans>Connect this account, and you can sign in with {name} from then on.</Trans>
          </p>
          <PushButton
            className="button"
            idle={connecting.isPending || connecting.isSuccess}
            onClick={() => connecting.mutate()}
          >
            <Trans>Connect with {name}</Trans>
          </PushButton>
          {connecting.isError && <Trouble error={connecting.error} />}
        </>
      )}
    </section>
  )
}
