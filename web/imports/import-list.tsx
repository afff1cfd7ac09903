import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import type { ImportFileView, ImportSummaryView } from '../../src/http/contract/import-batch-contract.ts'
import { send } from '../api.ts'
import { LateConfirm } from '../element/late-confirm.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { ago } from '../element/time-words.ts'
import { Announced, Told } from '../element/told.tsx'
import { useNow } from '../element/use-now.ts'
import { keys } from '../keys.ts'
import { importAddresses, isUnderWay, useImport } from '../shelf/use-imports.ts'
import { ImportFile } from './import-file.tsx'
import { countWords, strangerWords } from './import-words.ts'
import { KeptImport } from './kept-import.tsx'
import { MissingFiles } from './missing-files.tsx'
import { ways } from './send-batch.ts'
import './import-list.css'

/** Longer lists are opened by hand. */
const mostOpen = 12

/** Several files that came together, the latest first: how far they are, and what became of each. */
export function ImportList({ imports }: { readonly imports: readonly ImportSummaryView[] }) {
  return (
    <section aria-label={t`Imports of several files`} className="imports">
      {imports.map((summary, at) => (
        <Import key={summary.id} summary={summary} latest={at === 0} />
      ))}
    </section>
  )
}

interface ImportProps {
  readonly summary: ImportSummaryView
  readonly latest: boolean
}

function Import({ summary, latest }: ImportProps) {
  const { id, total, done, states } = summary
  const client = useQueryClient()
  const began = ago(Date.parse(summary.createdAt), useNow())
  const [open, setOpen] = useState(latest && total <= mostOpen)
  // The files of an import are asked for again when its counts have changed.
  const renew = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: keys.imports, exact: true }),
      client.invalidateQueries({ queryKey: keys.novels }),
    ])
  const retry = useMutation({
    mutationFn: () => send('POST', importAddresses.retry(id)),
    onSettled: renew,
  })
  const [strangers, setStrangers] = useState<readonly File[]>([])
  const name = t`${plural(total, { one: '# file', other: '# files' })}, ${began}`
  const { refused = 0, sending = 0 } = states
  return (
    <article className="import" data-over={!isUnderWay(summary) || undefined} aria-label={name}>
      <h2>{name}</h2>
      <progress max={total} value={done} aria-label={t`Files that are done: ${name}`} />
      <p className="figures">{countWords(summary)}</p>
      {/* What is said at once when it is over, and not with every file. */}
      <Announced words={done === total && t`The import is done. ${countWords(summary)}`} />
      {sending > 0 && <MissingFiles summary={summary} onStrangers={setStrangers} />}
      <Told className="import-fault" words={strangers.length > 0 && strangerWords(strangers)} />
      <KeptImport summary={summary} />
      <div className="import-acts">
        {refused > 0 && (
          <PushButton className="button small" idle={retry.isPending} onClick={() => retry.mutate()}>
            <Trans>Read the refused files again</Trans>
          </PushButton>
        )}
        <a className="button small" href={importAddresses.report(id)} download>
          <Trans>Report to keep</Trans>
        </a>
      </div>
      {retry.isError && <Trouble error={retry.error} />}
      <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <Trans>What became of each file</Trans>
        </summary>
        {open && <Files summary={summary} />}
      </details>
      <LateConfirm
        className="icon-button import-dismiss"
        label={t`Put away the import: ${name}`}
        sign={<X size={18} aria-hidden="true" />}
        title={t`Put away this import?`}
        action={t`Put it away`}
        onConfirm={async () => {
          await send('DELETE', importAddresses.one(id))
          await renew()
        }}
      >
        <p>
          <Trans>
            What came onto the shelf stays there. Files that wait are not read, and the list cannot be brought
            back.
          </Trans>
        </p>
      </LateConfirm>
    </article>
  )
}

function Files({ summary }: { readonly summary: ImportSummaryView }) {
  const { data, isError, error, refetch } = useImport(summary)
  const onTheirWay = useSyncExternalStore(ways.watch, ways.now)
  if (isError) return <Trouble error={error} onRetry={() => void refetch()} />
  if (!data) return null
  return (
    <ul className="import-files">
      {data.files.toSorted(byTrouble).map((file) => (
        <ImportFile key={file.id} file={file} way={onTheirWay.get(file.id)} />
      ))}
    </ul>
  )
}

/** What was refused stands first. */
function byTrouble(a: ImportFileView, b: ImportFileView): number {
  return Number(b.state === 'refused') - Number(a.state === 'refused')
}
