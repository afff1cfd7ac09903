import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from 'react-aria-components/Button'
import { Confirm } from '../element/confirm.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { type AccountPerson, accountApi } from './account-api.ts'
import { ProviderTrouble } from './provider-button.tsx'

interface ProviderProps {
  readonly name: string
  readonly person: AccountPerson
}

/** Has one's own account be known by the provider too, so that one comes in by either way, or no more. */
export function Provider({ name, person }: ProviderProps) {
  return (
    <section aria-labelledby="provider-title">
      <h2 id="provider-title">{name}</h2>
      <ProviderTrouble />
      {person.isVouchedFor ? (
        <>
          <p className="soft">
            <Trans>You can sign in with {name}.</Trans>
          </p>
          {person.hasPassword ? (
            <Disconnect name={name} />
          ) : (
            <p className="soft">
              <Trans>
                It is the only way into your account: to disconnect it, ask an admin for a link to set a
                password first.
              </Trans>
            </p>
          )}
        </>
      ) : (
        <Connect name={name} />
      )}
    </section>
  )
}

function Connect({ name }: { readonly name: string }) {
  const connecting = useMutation({
    mutationFn: accountApi.connectProvider,
    onSuccess: (address) => location.assign(address),
  })
  return (
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
  )
}

function Disconnect({ name }: { readonly name: string }) {
  const client = useQueryClient()
  const disconnect = async (): Promise<void> => {
    await accountApi.disconnectProvider()
    await Promise.all([keys.account, keys.sessions].map((queryKey) => client.invalidateQueries({ queryKey })))
  }
  return (
    <Confirm
      trigger={
        <Button className="button">
          <Trans>Disconnect from {name}</Trans>
        </Button>
      }
      title={t`Disconnect from ${name}?`}
      action={t`Disconnect`}
      refuse={t`Leave it`}
      onConfirm={disconnect}
    >
      <p>
        <Trans>
          You sign in with your password from then on. Everywhere else you have to sign in again. Whoever
          comes by {name} as you is let in as somebody new, if at all.
        </Trans>
      </p>
    </Confirm>
  )
}
