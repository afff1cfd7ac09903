import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Pause, Play, RotateCcw, X } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import type { Progress } from '../../src/http/contract/generation-contract.ts'
import { useMayChangeById } from '../account/may-change.ts'
import { api } from '../api.ts'
import { Confirm } from '../element/confirm.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { useFeed } from '../live/live.tsx'

type Verb = Parameters<typeof api.command>[1]

const pause = { verb: 'pause', words: () => t`Pause`, Icon: Pause } as const
const goOn = { verb: 'resume', words: () => t`Go on`, Icon: Play } as const
const speakMissing = { verb: 'retry', words: () => t`Speak what is missing`, Icon: RotateCcw } as const

export function GenerationControls({ progress }: { readonly progress: Progress }) {
  const client = useQueryClient()
  const feed = useFeed()
  const { id, status } = progress
  const command = useMutation({
    mutationFn: (verb: Verb) => api.command(id, verb),
    onSuccess: async (now) => {
      // Neither the stream nor a question under way shall bring back what was before.
      feed.commanded(id)
      await client.cancelQueries({ queryKey: keys.progress(id) })
      client.setQueryData(keys.progress(id), now)
      await client.invalidateQueries({ queryKey: keys.queue })
    },
  })
  const mayChange = useMayChangeById(progress.novelId)
  if (status === 'completed' || !mayChange) return null
  // Only the same press again is kept back: the stream may tell of its effect before its answer is here.
  const isAsked = (verb: Verb): boolean => command.isPending && command.variables === verb
  const working = status === 'pending' || status === 'running'
  const first = working ? pause : status === 'paused' ? goOn : speakMissing
  return (
    <fieldset className="generation-controls" aria-label={t`Steer this work`}>
      {/* One button with several meanings, so that the focus stays on it. */}
      <PushButton
        className={working ? 'button' : 'button main'}
        idle={isAsked(first.verb)}
        onClick={() => command.mutate(first.verb)}
      >
        <first.Icon size={18} aria-hidden="true" /> {first.words()}
      </PushButton>
      {first !== speakMissing && progress.failedSegments.length > 0 && (
        <PushButton className="button" idle={isAsked('retry')} onClick={() => command.mutate('retry')}>
          <RotateCcw size={18} aria-hidden="true" /> {speakMissing.words()}
        </PushButton>
      )}
      {first !== speakMissing && (
        <Confirm
          trigger={
            <Button className="button">
              <X size={18} aria-hidden="true" /> <Trans>Cancel</Trans>
            </Button>
          }
          title={t`Cancel this work?`}
          action={t`Cancel the work`}
          onConfirm={() => command.mutateAsync('cancel')}
        >
          <p>
            <Trans>
              What is spoken stays and can be heard. The rest is not spoken, unless you ask for it again.
            </Trans>
          </p>
        </Confirm>
      )}
      {command.isError && <Trouble error={command.error} />}
    </fieldset>
  )
}
