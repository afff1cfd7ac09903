import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from 'react-aria-components/Button'
import type { Machine, Machines } from '../../src/http/contract/speaker-contract.ts'
import { api } from '../api.ts'
import { Confirm } from '../element/confirm.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { changeKnown } from '../live/known.ts'
import { MachineLine } from './machine-line.tsx'
import { Announced } from '../element/told.tsx'
import { changeWords, machineWords } from './machine-words.ts'

interface SpeakerMachineProps {
  readonly machine: Machine
  /** In milliseconds. */
  readonly now: number
}

/** A machine that was lent: it can be given a rest, woken, and forgotten. */
export function SpeakerMachine({ machine, now }: SpeakerMachineProps) {
  const { id, name, state, leases, joinedAt } = machine
  const client = useQueryClient()
  const steer = useMutation({
    mutationFn: (verb: 'drain' | 'resume') => api.steerMachine(id, verb),
    onSuccess: (changed) =>
      changeKnown<Machines>(client, keys.machines, (known) => ({
        ...known,
        machines: known.machines.map((each) => (each.id === id ? changed : each)),
      })),
  })
  const forget = async (): Promise<void> => {
    await api.forgetMachine(id)
    await client.invalidateQueries({ queryKey: keys.machines })
  }
  const verb = state === 'draining' ? 'resume' : 'drain'
  const words = verb === 'drain' ? t`Let it rest` : t`Wake it`
  // Only the same press again is kept back: the stream may tell of its effect before its answer is here.
  const isAsked = steer.isPending && steer.variables === verb
  return (
    <MachineLine
      of={machine}
      state={state === 'active' && leases.length > 0 ? 'speaking' : state}
      words={machineWords(machine, now)}
      since={[t`Joined`, joinedAt]}
      now={now}
    >
      <Announced words={changeWords(machine)} />
      <div className="machine-acts">
        {/* One button with two meanings, so that the focus stays on it. */}
        {state !== 'away' && (
          <PushButton
            aria-label={`${words}: ${name}`}
            className="button small"
            idle={isAsked}
            onClick={() => steer.mutate(verb)}
          >
            {words}
          </PushButton>
        )}
        <Confirm
          trigger={
            <Button className="button small">
              <Trans>
                Forget<span className="unseen"> {name}</span>
              </Trans>
            </Button>
          }
          title={t`Forget ${name}?`}
          action={t`Forget the machine`}
          onConfirm={forget}
        >
          <p>
            {leases.length > 0
              ? t`What it speaks just now is spoken by others. What it has spoken stays.`
              : t`What it has spoken stays.`}{' '}
            <Trans>This cannot be undone, but the machine joins again by itself while it runs.</Trans>
          </p>
          <p>
            <Trans>
              If it is still switched on it joins again. To keep it out, take its token away on the server:{' '}
              <code>nightjar token revoke</code>.
            </Trans>
          </p>
        </Confirm>
      </div>
      {steer.isError && <Trouble error={steer.error} />}
    </MachineLine>
  )
}
