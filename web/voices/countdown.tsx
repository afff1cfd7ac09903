import type { SpeechServerView } from '../../src/http/contract/voice-contract.ts'
import { useNow } from '../element/use-now.ts'
import { serverWords } from './server-words.ts'
import './voices.css'

/** How long a server rests yet, second by second. */
export function Countdown({ server }: { readonly server: SpeechServerView }) {
  return <span className="countdown">{serverWords(server, useNow(1000))}</span>
}
