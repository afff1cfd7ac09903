import { useSpeechServers } from '../queries.ts'
import { onServer } from '../voices/find-voice.ts'
import { Countdown } from '../voices/countdown.tsx'

interface WaitingWordsProps {
  /** As the server of the page told it. */
  readonly waiting: string
  /** Whose voice is waited for. */
  readonly voice: string
}

/** Why a work does not move; while its speech server rests, with the seconds until it is tried again. */
export function WaitingWords({ waiting, voice }: WaitingWordsProps) {
  const name = onServer(voice)?.server
  const servers = useSpeechServers(name !== undefined)
  const server = servers.data?.find((each) => each.name === name)
  return server?.state === 'resting' && waiting.startsWith(server.title) ? (
    <Countdown server={server} />
  ) : (
    waiting
  )
}
