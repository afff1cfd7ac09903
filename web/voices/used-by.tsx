import { Plural, Trans } from '@lingui/react/macro'
import type { VoiceUse } from '../../src/http/contract/voice-contract.ts'

/** More novels than these are counted. */
const named = 5

/** Which novels would lose their voice; `novels` is `undefined` while that is being asked for. */
export function UsedBy({ novels }: { readonly novels: readonly VoiceUse[] | undefined }) {
  if (!novels) return <p><Trans>Looking which novels it reads…</Trans></p>
  if (novels.length === 0) return <p><Trans>No novel has it for its own voice.</Trans></p>
  return (
    <>
      <p>
        <Trans>It reads <Plural value={novels.length} one="# novel" other="# novels" />, which the default voice of the language reads from now on:</Trans>
      </p>
      <ul className="used-by">
        {novels.slice(0, named).map(({ id, title }) => (
          <li key={id}>{title}</li>
        ))}
        {novels.length > named && <li><Trans>and <Plural value={novels.length - named} one="# other" other="# others" /></Trans></li>}
      </ul>
    </>
  )
}
