import type { SaidView } from '../../src/http/contract/field-contract.ts'
import { saidWords } from '../i18n/said-words.ts'
import { useSpeechServers } from '../queries.ts'
import { onServer } from '../voices/find-voice.ts'
import { Countdown } from '../voices/countdown.tsx'

interface WaitingWordsProps {
  /** As the server of the page told it. */
  readonly waiting: string
  readonly said: SaidView | undefined
  /** Whose voice is waited for. */
  readonly voice: string
}

/** Why a work does not move; while its speech server rests, with the seconds until it is tried again. */
export function WaitingWords({ waiting, said, voice }: WaitingWordsProps) {
  const name = onServer(voice)?.server
  const servers = useSpeechServers(name !== undefined)
  const server = servers.data?.find((each) => each.name === name)
  return server?.state === 'resting' && waiting.startsWith(server.title) ? (
    <Countdown server={server} />
  ) : (
    saidWords(waiting, said)
  )
}
