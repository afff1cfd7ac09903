import type { VoiceUse } from '../../src/http/contract/voice-contract.ts'
import { counted } from '../element/figure-words.ts'

/** More novels than these are counted. */
const named = 5

/** Which novels would lose their voice; `novels` is `undefined` while that is being asked for. */
export function UsedBy({ novels }: { readonly novels: readonly VoiceUse[] | undefined }) {
  if (!novels) return <p>Looking which novels it reads…</p>
  if (novels.length === 0) return <p>No novel has it for its own voice.</p>
  return (
    <>
      <p>
        It reads {counted(novels.length, 'novel')}, which the default voice of the language reads from now on:
      </p>
      <ul className="used-by">
        {novels.slice(0, named).map(({ id, title }) => (
          <li key={id}>{title}</li>
        ))}
        {novels.length > named && <li>and {counted(novels.length - named, 'other')}</li>}
      </ul>
    </>
  )
}
