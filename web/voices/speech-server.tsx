import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'react-aria-components/Button'
import type { SpeechServerView } from '../../src/http/contract/voice-contract.ts'
import { api } from '../api.ts'
import { Confirm } from '../element/confirm.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { Ribbon } from '../element/ribbon.tsx'
import { ticksOfCount } from '../element/ribbon-model.ts'
import { offerBack } from '../element/offer-back.ts'
import { keys } from '../keys.ts'
import type { Sample } from '../novel/use-sample.ts'
import { Countdown } from './countdown.tsx'
import { EditServer } from './edit-server.tsx'
import { renewVoices } from './renew-voices.ts'
import { monthWords, serverWords } from './server-words.ts'
import { TryVoice } from './try-voice.tsx'
import { Announced } from '../element/told.tsx'
import { UsedBy } from './used-by.tsx'

interface SpeechServerProps {
  readonly server: SpeechServerView
  readonly sample: Sample
}

/** A speech server: how it does, what it has spoken this month, and what can be done with it. */
export function SpeechServer({ server, sample }: SpeechServerProps) {
  const { name, title, address, model, voices, state } = server
  const client = useQueryClient()
  const ask = useMutation({
    mutationFn: () => api.askServerVoices(name),
    onSuccess: () => renewVoices(client),
  })
  const remove = async () => {
    const removed = await api.removeServer(name)
    await renewVoices(client)
    offerBack(removed, t`${title} is removed.`, () => renewVoices(client))
  }
  return (
    <li className="server" data-state={state}>
      <div className="server-head">
        <h3>{title}</h3>
        <span className="figures">
          {model} · {plural(voices.length, { one: '# voice', other: '# voices' })} · {address}
        </span>
      </div>
      <ServerState server={server} />
      <Month server={server} />
      <TryVoice server={server} sample={sample} />
      <div className="server-acts">
        <EditServer server={server} trigger={<><Trans>Edit<span className="unseen"> {title}</span></Trans></>} />
        <PushButton className="button small" idle={ask.isPending} onClick={() => ask.mutate()}>
          {ask.isPending ? t`Asking…` : t`Ask for its voices again`}
        </PushButton>
        <Confirm
          trigger={
            <Button className="button small">
              <Trans>Remove<span className="unseen"> {title}</span></Trans>
            </Button>
          }
          title={t`Remove ${title}?`}
          action={t`Remove the server`}
          onConfirm={remove}
        >
          <ServerUses name={name} />
          <p><Trans>What it has spoken stays, and can be heard as before. Its key goes with it.</Trans></p>
        </Confirm>
      </div>
      {ask.isError && <Trouble error={ask.error} />}
    </li>
  )
}

function ServerState({ server }: { readonly server: SpeechServerView }) {
  const { state } = server
  return (
    <p className="server-state">
      {state === 'resting' ? <Countdown server={server} /> : serverWords(server, 0)}
      {/* Said when it changes, not with every second. */}
      <Announced words={state === 'resting' && t`${server.title} rests`} />
    </p>
  )
}

/** The characters of the month: a thin ribbon of what is paid for. */
function Month({ server }: { readonly server: SpeechServerView }) {
  const { charactersThisMonth: used, charactersPerMonth: most } = server
  const words = monthWords(server)
  if (words === undefined) return null
  const ticks = 60
  return (
    <div className="server-month">
      {most !== null && (
        <Ribbon
          ticks={ticksOfCount(ticks, Math.min(ticks, Math.ceil((used / most) * ticks)))}
          height={8}
          slot={Infinity}
        />
      )}
      <p className="figures">{words}</p>
    </div>
  )
}

/** The server tells the novels of a server's voices only when they have lost them; here they are looked for on the shelf. */
function ServerUses({ name }: { readonly name: string }) {
  const novels = useQuery({
    queryKey: keys.serverUses(name),
    queryFn: ({ signal }) => api.novels('', 0, 500, signal),
    staleTime: 0,
  })
  if (novels.isError) return <Trouble error={novels.error} />
  return <UsedBy novels={novels.data?.filter(({ voice }) => voice?.startsWith(`server:${name}:`))} />
}
