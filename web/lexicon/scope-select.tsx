import { t } from '@lingui/core/macro'
import type { LexiconView } from '../../src/http/contract/lexicon-contract.ts'
import type { Scope } from './lexicon-queries.ts'

interface ScopeSelectProps {
  readonly scopes: LexiconView['scopes']
  readonly scope: Scope
  readonly onScope: (scope: Scope) => void
}

/** Where words hold: in the book, in its series, in all books. */
export function ScopeSelect({ scopes, scope, onScope }: ScopeSelectProps) {
  return (
    <label>
      <span className="unseen">{t`Where the words hold`}</span>
      <select value={scope} onChange={({ target }) => onScope(target.value as Scope)}>
        {scopes.map(({ scope: each, name }) => (
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
