import { plural } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { PlsReport } from '../../src/http/contract/pls-contract.ts'
import { ChooseFiles } from '../element/choose-files.tsx'
import { Trouble } from '../element/page-state.tsx'
import { plsAddress, type Scope, usePlsImport } from './lexicon-queries.ts'
import { Told } from '../element/told.tsx'
import { refusalWords } from './lexicon-words.ts'

/** The words of a scope as a file, and others from one. */
export function PlsTransfer({ novelId, scope }: { readonly novelId: string; readonly scope: Scope }) {
  const { mutate, data, error, isPending } = usePlsImport(novelId)
  return (
    <div className="words-file">
      <p className="words-acts">
        <a className="button" href={plsAddress(novelId, scope)} download>
          <Trans>Take along (PLS)</Trans>
        </a>
        <ChooseFiles
          single
          className="button"
          accept=".pls,.xml,application/pls+xml"
          idle={isPending}
          onFiles={([file]) => file && mutate({ file, scope })}
        >
          <Trans>Add from a file (PLS)</Trans>
        </ChooseFiles>
      </p>
      {error && <Trouble error={error} />}
      <Told words={data && takenWords(data)} />
      {data && data.refused.length > 0 && (
        <ul>
          {data.refused.slice(0, 20).map(({ written, reason, detail }, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- they have no names and stay as they are
            <li key={at}>
              <strong>{written}</strong> {refusalWords(reason, detail)}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function takenWords({ taken, refusedCount }: PlsReport): string {
  const words = plural(taken, { one: '# word was taken.', other: '# words were taken.' })
  if (refusedCount === 0) return words
  return `${words} ${plural(refusedCount, { one: '# was not:', other: '# were not:' })}`
}
