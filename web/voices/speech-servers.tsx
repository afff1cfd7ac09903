import { Trans } from '@lingui/react/macro'
import { Plus } from 'lucide-react'
import { Trouble } from '../element/page-state.tsx'
import type { Sample } from '../novel/use-sample.ts'
import { useSpeechServers } from '../queries.ts'
import { EditServer } from './edit-server.tsx'
import { SpeechServer } from './speech-server.tsx'

/** Programs elsewhere that speak for this one. */
export function SpeechServers({ sample }: { readonly sample: Sample }) {
  const servers = useSpeechServers()
  return (
    <section id="servers" aria-labelledby="servers-title">
      <h2 id="servers-title"><Trans>Speech servers</Trans></h2>
      <p className="soft">
        <Trans>A program on another machine, or a paid service, that speaks as OpenAI’s does: Kokoro-FastAPI, Chatterbox,
        Orpheus. Its voices can be chosen for any novel.</Trans>
      </p>
      {servers.isError && <Trouble error={servers.error} onRetry={() => void servers.refetch()} />}
      <ul className="servers">
        {servers.data?.map((server) => (
          <SpeechServer key={server.name} server={server} sample={sample} />
        ))}
      </ul>
      <EditServer
        trigger={
          <>
            <Plus size={18} aria-hidden="true" /> <Trans>Add a server</Trans>
          </>
        }
      />
    </section>
  )
}
