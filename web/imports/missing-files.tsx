import { Trans } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { ImportSummaryView } from '../../src/http/contract/import-batch-contract.ts'
import { ChooseFiles } from '../element/choose-files.tsx'
import { isOfBook } from '../shelf/book-endings.ts'
import { useImport } from '../shelf/use-imports.ts'
import { missingWords } from './import-words.ts'
import { pairChosen } from './missing-pairs.ts'
import { sendFiles, ways } from './send-batch.ts'

interface MissingFilesProps {
  readonly summary: ImportSummaryView
  /** What was chosen and is none of them. */
  readonly onStrangers: (files: readonly File[]) => void
}

/** Files that this page does not send: it was loaded again, or another device has them. */
export function MissingFiles({ summary, onStrangers }: MissingFilesProps) {
  const client = useQueryClient()
  const { data } = useImport(summary)
  const onTheirWay = useSyncExternalStore(ways.watch, ways.now)
  const missing = data?.files.filter(
    ({ id, state }) => state === 'sending' && (onTheirWay.get(id)?.kind ?? 'failed') === 'failed',
  )
  if (!missing || missing.length === 0) return null
  const take = (chosen: readonly File[]): void => {
    const { pairs, rest } = pairChosen(missing, chosen)
    onStrangers(rest)
    void sendFiles(client, summary.id, pairs)
  }
  return (
    <div className="import-missing">
      <p>{missingWords(missing.length)}</p>
      <div className="import-acts">
        <ChooseFiles className="button small" onFiles={take}>
          <Trans>Choose the files again</Trans>
        </ChooseFiles>
        {missing.some(({ name }) => name.includes('/')) && (
          <ChooseFiles
            folder
            className="button small"
            onFiles={(files) => take(files.filter(({ name }) => isOfBook(name)))}
          >
            <Trans>Choose the folder again</Trans>
          </ChooseFiles>
        )}
      </div>
    </div>
  )
}
