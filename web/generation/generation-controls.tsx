import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Pause, Play, RotateCcw, X } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import type { Progress } from '../../src/http/contract.ts'
import { api } from '../api.ts'
import { Confirm } from '../element/confirm.tsx'
import { Trouble } from '../element/page-state.tsx'
import { keys } from '../keys.ts'

type Verb = Parameters<typeof api.command>[1]

export function GenerationControls({ progress }: { readonly progress: Progress }) {
  const client = useQueryClient()
  const { id, status } = progress
  const command = useMutation({
    mutationFn: (verb: Verb) => api.command(id, verb),
    onSuccess: async (now) => {
      client.setQueryData(keys.progress(id), now)
      await client.invalidateQueries({ queryKey: keys.queue })
    },
  })
  if (status === 'completed') return null
  const press = (verb: Verb) => (): void => command.mutate(verb)
  const working = status === 'pending' || status === 'running'
  const stopped = status === 'failed' || status === 'cancelled'
  return (
    <fieldset className="generation-controls" aria-label="Steer this work">
      {working && (
        <button type="button" className="button" disabled={command.isPending} onClick={press('pause')}>
          <Pause size={18} aria-hidden="true" /> Pause
        </button>
      )}
      {status === 'paused' && (
        <button type="button" className="button main" disabled={command.isPending} onClick={press('resume')}>
          <Play size={18} aria-hidden="true" /> Go on
        </button>
      )}
      {(stopped || progress.failedSegments.length > 0) && (
        <button
          type="button"
          className={stopped ? 'button main' : 'button'}
          disabled={command.isPending}
          onClick={press('retry')}
        >
          <RotateCcw size={18} aria-hidden="true" /> Speak what is missing
        </button>
      )}
      {(working || status === 'paused') && (
        <Confirm
          trigger={
            <Button className="button">
              <X size={18} aria-hidden="true" /> Cancel
            </Button>
          }
          title="Cancel this work?"
          action="Cancel the work"
          refuse="Let it go on"
          onConfirm={() => command.mutateAsync('cancel')}
        >
          <p>What is spoken stays and can be heard. The rest is not spoken.</p>
        </Confirm>
      )}
      {command.isError && <Trouble error={command.error} />}
    </fieldset>
  )
}
