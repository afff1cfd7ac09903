import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { InboxFileView, InboxView } from '../../src/http/contract/inbox-contract.ts'
import { failureSentence } from '../answer-error.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { settingsApi, useInbox } from './settings-api.ts'

/** What became of the files in the watched folder. */
export function WatchedFolder() {
  const inbox = useInbox()
  return (
    <section aria-labelledby="inbox-title" id="inbox">
      <h2 id="inbox-title">
        <Trans>Watched folder</Trans>
      </h2>
      {inbox.isError && <Trouble error={inbox.error} onRetry={() => void inbox.refetch()} />}
      {inbox.data?.folder === null && (
        <p className="soft">
          <Trans>
            No folder is watched. The setting NIGHTJAR_INBOX names one, whose books come in by themselves.
          </Trans>
        </p>
      )}
      {inbox.data && inbox.data.folder !== null && <Files folder={inbox.data.folder} inbox={inbox.data} />}
    </section>
  )
}

function Files({
  folder,
  inbox: { problem, files },
}: {
  readonly folder: string
  readonly inbox: InboxView
}) {
  const client = useQueryClient()
  const retry = useMutation({
    mutationFn: (paths: readonly string[]) => settingsApi.readAgain(paths),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.inbox }),
  })
  return (
    <>
      <p className="soft">
        <Trans>What is put into {folder} is imported by itself. Nothing in it is changed.</Trans>
      </p>
      {problem !== null && (
        <p className="setting-fault">
          <Trans>The folder cannot be read now: {problem}</Trans>
        </p>
      )}
      {files.length > 0 && (
        <ul className="setting-lines">
          {files.map((file) => (
            <FileLine
              key={file.path}
              file={file}
              busy={retry.isPending}
              onRetry={() => retry.mutate([file.path])}
            />
          ))}
        </ul>
      )}
      {retry.isError && <Trouble error={retry.error} />}
    </>
  )
}

interface FileLineProps {
  readonly file: InboxFileView
  readonly busy: boolean
  readonly onRetry: () => void
}

function FileLine({ file: { path, state, novelId, title, trouble }, busy, onRetry }: FileLineProps) {
  return (
    <li className="setting-line" data-off={state !== 'imported' || undefined}>
      <h3>{novelId === null ? path : <Link href={`/novels/${novelId}`}>{title}</Link>}</h3>
      <p className="figures">{stateWords(state, path, novelId !== null)}</p>
      {trouble !== null && <p className="setting-fault">{failureSentence(trouble)}</p>}
      {state === 'refused' && (
        <div className="setting-acts">
          <PushButton className="button small" idle={busy} onClick={onRetry}>
            <Trans>Read it again</Trans>
            <span className="unseen"> {path}</span>
          </PushButton>
        </div>
      )}
    </li>
  )
}

function stateWords(state: InboxFileView['state'], path: string, isShelved: boolean): string {
  if (state === 'waiting') return t`It is not complete yet.`
  if (state === 'refused') return t`It cannot be read, and is left alone.`
  return isShelved ? path : t`Imported; its book has been deleted since.`
}
