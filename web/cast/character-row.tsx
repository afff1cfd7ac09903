import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Link } from 'wouter'
import type { CastCharacter } from '../../src/http/contract/cast-contract.ts'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { PushButton } from '../element/push-button.tsx'
import type { Sample } from '../novel/use-sample.ts'
import { FailedSample, HearButton } from '../voices/hear-button.tsx'
import { CharacterName } from './character-name.tsx'
import { TraitSelects } from './trait-selects.tsx'
import { VoiceSelect } from './voice-select.tsx'

interface CharacterRowProps {
  readonly novelId: string
  readonly language: string
  readonly character: CastCharacter
  readonly others: readonly CastCharacter[]
  readonly voices: readonly Voice[]
  /** The narrator's, to compare with. */
  readonly narrator: Voice | undefined
  readonly sample: Sample
  readonly busy: boolean
  readonly onVoice: (role: number, voice: string | null) => void
  readonly onChange: (role: number, change: (one: CastCharacter) => CastCharacter) => void
  readonly onMerge: (role: number, into: number) => void
}

/** A character with its first line, its voice, and that line spoken in it and in another. */
export function CharacterRow(props: CharacterRowProps) {
  const { novelId, language, character, others, voices, narrator, sample, busy, onVoice, onMerge, onChange } =
    props
  const { role, name, names, lines, first, voice, proposedVoice, sameAs } = character
  const known = (id: string | undefined) => voices.find((one) => one.id === id)
  const [own, proposed] = [known(voice), known(proposedVoice)]
  const other = own ? narrator : proposed
  const same = others.find((one) => one.role === sameAs)
  const traits = [
    plural(lines, { one: '# line', other: '# lines' }),
    names.length > 1 && t`also ${names.slice(1).join(', ')}`,
  ].filter(Boolean)
  return (
    <li className="cast-row" data-role={role}>
      <CharacterName
        name={name}
        language={language}
        busy={busy}
        onRename={(wanted) => onChange(role, (one) => ({ ...one, name: wanted }))}
      />
      <p className="figures">{traits.join(' · ')}</p>
      {first && (
        <blockquote lang={language}>
          <Link href={`/novels/${novelId}/cast/${first.chapterNumber}`}>{first.text}</Link>
        </blockquote>
      )}
      <div className="cast-voice">
        <VoiceSelect
          label={t`Voice of ${name}`}
          voices={voices}
          language={language}
          chosen={voice}
          none={t`as the rest of the dialogue`}
          onChoose={(id) => onVoice(role, id)}
        />
        {[own, other].map(
          (each, at) =>
            each && (
              <HearButton key={at === 0 ? 'own' : 'other'} voice={each} sample={sample} text={first?.text} />
            ),
        )}
        {!own && proposed && (
          <PushButton className="button small" idle={busy} onClick={() => onVoice(role, proposed.id)}>
            {t`Take ${proposed.name}`}
          </PushButton>
        )}
        {[own, other].map((each) => each && <FailedSample key={each.id} sample={sample} id={each.id} />)}
      </div>
      <div className="cast-same">
        <TraitSelects character={character} onChange={(change) => onChange(role, change)} />
        {same && (
          <PushButton className="button small" idle={busy} onClick={() => onMerge(role, same.role)}>
            {t`The same as ${same.name}`}
          </PushButton>
        )}
        <select
          aria-label={t`${name} is the same as`}
          value=""
          disabled={busy}
          onChange={(event) => onMerge(role, Number(event.target.value))}
        >
          <option value="">{t`the same as…`}</option>
          {others.map((one) => (
            <option key={one.role} value={one.role}>
              {one.name}
            </option>
          ))}
        </select>
        <span className="unseen">
          <Trans>Both become one character.</Trans>
        </span>
      </div>
    </li>
  )
}
