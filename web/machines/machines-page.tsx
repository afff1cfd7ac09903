import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Loading, PageTrouble } from '../element/page-state.tsx'
import { useNow } from '../element/use-now.ts'
import { useTitle } from '../element/use-title.ts'
import { useMachines } from '../queries.ts'
import { JoinMachine } from './join-machine.tsx'
import { MachineLine } from './machine-line.tsx'
import { serverWords, speedWords } from './machine-words.ts'
import { SpeakerMachine } from './speaker-machine.tsx'
import './machines.css'

/** Who speaks: this server, and the machines that are lent to it. */
export function MachinesPage() {
  useTitle(t`Machines`)
  const all = useMachines()
  const now = useNow()
  if (all.isPending) return <Loading words={t`Asking who speaks…`} />
  if (!all.data)
    return <PageTrouble title={t`Machines`} error={all.error} onRetry={() => void all.refetch()} />
  const { machines, servers } = all.data
  const speed = [...machines, ...servers].reduce((sum, each) => sum + each.realTimeFactor, 0)
  const silent = ![...machines, ...servers].some(({ slots }) => slots > 0)
  return (
    <div className="machines">
      <h1>
        <Trans>Machines</Trans>
      </h1>
      {silent ? (
        <p className="machines-alone">
          <Trans>Nobody is here to speak yet. Lend a machine, and the work begins.</Trans>
        </p>
      ) : (
        <p className="soft">
          {speed > 0 ? t`Together they speak at ${speedWords(speed)}.` : t`Nothing is being spoken just now.`}
        </p>
      )}
      {machines.length > 0 && (
        <section aria-labelledby="lent-title">
          <h2 id="lent-title">
            <Trans>Lent to you</Trans>
          </h2>
          <ul className="machine-lines">
            {machines.map((machine) => (
              <SpeakerMachine key={machine.id} machine={machine} now={now} />
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="servers-title">
        <h2 id="servers-title">{servers.length > 1 ? t`The servers` : t`The server`}</h2>
        <ul className="machine-lines">
          {servers.map((server) => (
            <MachineLine
              key={server.id}
              of={server}
              state={server.leases.length > 0 ? 'speaking' : 'active'}
              words={serverWords(server)}
              since={[t`Started`, server.startedAt]}
              now={now}
            />
          ))}
        </ul>
      </section>
      <JoinMachine />
    </div>
  )
}
