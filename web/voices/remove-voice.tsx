import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { api } from '../api.ts'
import { Confirm } from '../element/confirm.tsx'
import { Trouble } from '../element/page-state.tsx'
import { keys } from '../keys.ts'
import { renewVoices } from './renew-voices.ts'
import { UsedBy } from './used-by.tsx'

export function RemoveVoice({ voice: { id, name } }: { readonly voice: Voice }) {
  const client = useQueryClient()
  async function remove() {
    await api.removeVoice(id)
    await renewVoices(client)
  }
  return (
    <Confirm
      trigger={
        <Button className="icon-button" aria-label={t`Remove ${name}`}>
          <Trash2 size={18} aria-hidden="true" />
        </Button>
      }
      title={t`Remove ${name}?`}
      action={t`Remove the voice`}
      onConfirm={remove}
    >
      <VoiceUses id={id} />
      <p><Trans>What it has spoken stays, and can be heard as before. Its files are taken off the disk: this cannot be undone, but the voice can be installed again.</Trans></p>
    </Confirm>
  )
}

function VoiceUses({ id }: { readonly id: string }) {
  const uses = useQuery({
    queryKey: keys.voiceUses(id),
    queryFn: ({ signal }) => api.voiceUses(id, signal),
    staleTime: 0,
  })
  if (uses.isError) return <Trouble error={uses.error} />
  return <UsedBy novels={uses.data} />
}
