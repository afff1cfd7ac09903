import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { api } from '../api.ts'
import { FormDialog } from '../element/form-dialog.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'

export function RenameVoice({ voice }: { readonly voice: Voice }) {
  return (
    <FormDialog
      trigger={
        <Button className="icon-button" aria-label={t`Rename ${voice.name}`}>
          <Pencil size={18} aria-hidden="true" />
        </Button>
      }
      title={t`What shall it be called?`}
    >
      {(onDone) => <RenameForm voice={voice} onDone={onDone} />}
    </FormDialog>
  )
}

function RenameForm({ voice, onDone }: { readonly voice: Voice; readonly onDone: () => void }) {
  const client = useQueryClient()
  const [name, setName] = useState(voice.name)
  const save = useMutation({
    mutationFn: () => api.changeVoice(voice.id, { name: name.trim() }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.voices })
      onDone()
    },
  })
  const idle = save.isPending || name.trim() === '' || name.trim() === voice.name
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!idle) save.mutate()
      }}
    >
      <label className="field">
        <span>{t`Name of the voice`}</span>
        <input
          type="text"
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      {save.isError && <Trouble error={save.error} />}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onDone}>
          <Trans>Leave it</Trans>
        </button>
        <PushButton type="submit" className="button main" idle={idle}>
          {save.isPending ? t`Saving…` : t`Save the name`}
        </PushButton>
      </div>
    </form>
  )
}
