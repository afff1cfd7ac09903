import { Trans, useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import type { Headings } from '../../src/http/contract/review-contract.ts'
import { outcomeWords, ruleWords } from './heading-words.ts'
import type { Chosen, RuleChoice } from './use-rule-choice.ts'

interface RuleFormProps {
  readonly headings: Headings
  readonly choice: RuleChoice
}

/** The rules that fit a plain text, each with what it would give, an own pattern, and the chapters as they are. */
export function RuleForm({ headings, choice }: RuleFormProps) {
  const { t } = useLingui()
  const { chosen } = choice
  return (
    <fieldset className="rules">
      <legend>
        <Trans>By what the chapters are found</Trans>
      </legend>
      {headings.rules.map(({ rule, chapters, titles }, at) => (
        <Rule key={JSON.stringify(rule)} value={at} choice={choice} words={ruleWords(rule)}>
          {rule.kind !== 'length' && <span className="figures">{outcomeWords(chapters, titles)}</span>}
          {rule.kind === 'length' && chosen !== at && (
            <span className="figures">{outcomeWords(chapters, [])}</span>
          )}
          {rule.kind === 'length' && chosen === at && (
            <label className="rule-field">
              <Trans>Characters of a chapter, from 5,000 to 240,000</Trans>
              <input
                type="number"
                min={5000}
                max={240_000}
                step={1000}
                value={choice.characters}
                onChange={(event) => choice.setCharacters(event.target.valueAsNumber)}
              />
            </label>
          )}
        </Rule>
      ))}
      <Rule value="pattern" choice={choice} words={t`An own pattern`}>
        {chosen === 'pattern' ? (
          <>
            <label className="rule-field">
              <Trans>A heading, as it stands on its line</Trans>
              <input
                type="text"
                value={choice.pattern}
                maxLength={200}
                spellCheck={false}
                placeholder="Chapter {number} *"
                aria-describedby="pattern-help"
                onChange={(event) => choice.setPattern(event.target.value)}
              />
            </label>
            <label className="rule-field">
              <Trans>The heading of a part of the book, if there are parts</Trans>
              <input
                type="text"
                value={choice.part}
                maxLength={200}
                spellCheck={false}
                aria-describedby="pattern-help"
                onChange={(event) => choice.setPart(event.target.value)}
              />
            </label>
            <PatternHelp />
          </>
        ) : (
          <span className="figures">
            <Trans>lines that you describe</Trans>
          </span>
        )}
      </Rule>
      <Rule value="reread" choice={choice} words={t`The chapters as they are now`}>
        <span className="figures">
          <Trans>only their texts are read again from the file</Trans>
        </span>
      </Rule>
    </fieldset>
  )
}

interface RuleProps {
  readonly value: Chosen
  readonly choice: RuleChoice
  readonly words: string
  readonly children: ReactNode
}

function Rule({ value, choice, words, children }: RuleProps) {
  return (
    <div className="rule">
      <label className="rule-choice">
        <input
          type="radio"
          name="rule"
          checked={choice.chosen === value}
          onChange={() => choice.choose(value)}
        />
        <span>{words}</span>
      </label>
      <div className="rule-more">{children}</div>
    </div>
  )
}

/** The signs of a pattern. They stand outside of the words, which every language has of its own. */
function PatternHelp() {
  const [number, roman, anything, either] = ['{number}', '{roman}', '*', '|']
  return (
    <p id="pattern-help" className="soft rule-help">
      <Trans>
        <code>{number}</code> is a number in digits, letters or words, <code>{roman}</code> a Roman one,{' '}
        <code>{anything}</code> anything or nothing, and <code>{either}</code> stands between two patterns of
        which either will do. All else stands for itself; capitals do not matter.
      </Trans>
    </p>
  )
}
