import { t } from '@lingui/core/macro'
import type { CastCharacter } from '../../src/http/contract/cast-contract.ts'
import { genderWords } from '../voices/voice-words.ts'

interface TraitSelectsProps {
  readonly character: CastCharacter
  readonly onChange: (change: (one: CastCharacter) => CastCharacter) => void
}

/** Gender and age as the text tells them, or as somebody says here: voices are proposed by them. */
export function TraitSelects({ character: { name, gender, age }, onChange }: TraitSelectsProps) {
  return (
    <>
      <select
        aria-label={t`Gender of ${name}`}
        value={gender ?? ''}
        onChange={({ target: { value } }) =>
          onChange((one) => {
            const { gender: _, ...rest } = one
            return value === 'female' || value === 'male' ? { ...rest, gender: value } : rest
          })
        }
      >
        <option value="">{t`gender not told`}</option>
        <option value="female">{genderWords('female')}</option>
        <option value="male">{genderWords('male')}</option>
      </select>
      <select
        aria-label={t`Age of ${name}`}
        value={age ?? ''}
        onChange={({ target: { value } }) =>
          onChange((one) => {
            const { age: _, ...rest } = one
            return value === 'child' || value === 'old' ? { ...rest, age: value } : rest
          })
        }
      >
        <option value="">{t`age not told`}</option>
        <option value="child">{t`a child`}</option>
        <option value="old">{t`old`}</option>
      </select>
    </>
  )
}
