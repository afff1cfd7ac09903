import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Button } from 'react-aria-components/Button'
import type { SpeechServerView } from '../../src/http/contract/voice-contract.ts'
import { api } from '../api.ts'
import { FormDialog } from '../element/form-dialog.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { ServerFieldset } from './server-fieldset.tsx'
import { fieldsOf, wishesOf } from './server-wishes.ts'
import { renewVoices } from './renew-voices.ts'

interface EditServerProps {
  /** Left out: a new one. */
  readonly server?: SpeechServerView
  /** What stands on the button. */
  readonly trigger: ReactNode
}

/** The form in which a speech server is added or changed. */
export function EditServer({ server, trigger }: EditServerProps) {
  return (
    <FormDialog
      trigger={<Button className={server ? 'button small' : 'button'}>{trigger}</Button>}
      title={server ? t`Edit ${server.title}` : t`Add a speech server`}
      firm
    >
      {(onDone) => <ServerForm {...(server && { server })} onDone={onDone} />}
    </FormDialog>
  )
}

function ServerForm({ server, onDone }: { readonly server?: SpeechServerView; readonly onDone: () => void }) {
  const client = useQueryClient()
  const [before] = useState(() => fieldsOf(server))
  const [fields, setFields] = useState(before)
  const save = useMutation({
    mutationFn: () => saved(server, before, fields),
    onSuccess: async () => {
      await renewVoices(client)
      onDone()
    },
  })
  const idle = save.isPending || fields.title.trim() === '' || fields.address.trim() === ''
  return (
    <form
      className="server-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!idle) save.mutate()
      }}
    >
      <ServerFieldset
        fields={fields}
        hasKey={server?.hasKey ?? false}
        listed={server?.voicesListed ? server.voices.length : undefined}
        onFields={setFields}
      />
      {save.isError && <Trouble error={save.error} />}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onDone}>
          <Trans>Leave it</Trans>
        </button>
        <PushButton type="submit" className="button main" idle={idle}>
          {save.isPending ? t`Asking the server…` : server ? t`Save` : t`Add the server`}
        </PushButton>
      </div>
    </form>
  )
}

type Fields = ReturnType<typeof fieldsOf>

/** Without typed voices a server is asked for them. */
async function saved(server: SpeechServerView | undefined, before: Fields, fields: Fields): Promise<unknown> {
  const { voices, ...wishes } = wishesOf(fields, before)
  const typed = voices && voices.length > 0 ? { ...wishes, voices } : wishes
  if (!server) return api.addServer(typed)
  const changed = await api.changeServer(server.name, typed)
  return voices?.length === 0 ? api.askServerVoices(server.name) : changed
}
