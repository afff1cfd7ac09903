import { t } from '@lingui/core/macro'
import type { LexiconView } from '../../src/http/contract/lexicon-contract.ts'
import { useMay } from '../account/account-state.ts'
import type { Scope } from './lexicon-queries.ts'

interface ScopeSelectProps {
  readonly scopes: LexiconView['scopes']
  readonly scope: Scope
  readonly onScope: (scope: Scope) => void
}

/** Where words hold: in the book; in its series, in all books, for who may say so of others' books too. */
export function ScopeSelect({ scopes, scope, onScope }: ScopeSelectProps) {
  const mayEdit = useMay('editor')
  return (
    <label>
      <span className="unseen">{t`Where the words hold`}</span>
      <select value={scope} onChange={({ target }) => onScope(target.value as Scope)}>
        {scopes
          .filter((each) => mayEdit || each.scope === 'novel')
          .map(({ scope: each, name }) => (
            <option key={each} value={each}>
              {each === 'novel'
                ? t`in this book`
                : each === 'series'
                  ? t`in the series ${name ?? ''}`
                  : t`in all books`}
            </option>
          ))}
      </select>
    </label>
  )
}
