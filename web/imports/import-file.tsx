import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Link } from 'wouter'
import type { ImportFileView } from '../../src/http/contract/import-batch-contract.ts'
import { failureSentence } from '../answer-error.ts'
import { fileWords } from './import-words.ts'
import type { OnItsWay } from './send-batch.ts'

interface ImportFileProps {
  readonly file: ImportFileView
  /** How this page sends it. */
  readonly way: OnItsWay | undefined
}

/** A file of an import, and what became of it. */
export function ImportFile({ file, way }: ImportFileProps) {
  const { name, state, novelId, title, versionId, trouble } = file
  return (
    <li data-state={state}>
      <span className="import-name">{name}</span>
      <span className="figures">{fileWords(file, way)}</span>
      {novelId !== null && state === 'version' && versionId !== null ? (
        <Link href={`/novels/${novelId}/versions/${versionId}`}>
          <Trans>See what changed in {title}, and take it over</Trans>
        </Link>
      ) : (
        novelId !== null && <Link href={`/novels/${novelId}`}>{title}</Link>
      )}
      {trouble !== null && <span className="import-fault">{failureSentence(trouble)}</span>}
      {way?.kind === 'failed' && trouble === null && (
        <span className="import-fault">
          {way.error instanceof Error ? way.error.message : t`It could not be sent.`}
        </span>
      )}
    </li>
  )
}
