import type { SpeechServer } from './speech-server.ts'
import type { Voice } from './voice.ts'

/** BCP 47 for several languages: what a server's voice speaks, nobody says. */
export const anyLanguage = 'mul'

/** A voice of a speech server, as the list of voices shows it: `server:NAME:VOICE`. */
export function serverVoice({ name, title }: SpeechServer, voice: string): Voice {
  return {
    id: `server:${name}:${voice}`,
    engine: 'server',
    name: `${voice} · ${title}`,
    language: anyLanguage,
    neural: true,
  }
}

/** The server and its voice's name in a voice id; `undefined` when it is no server's voice. */
export function voiceOnServer(
  voiceId: string,
): { readonly server: string; readonly voice: string } | undefined {
  const match = /^server:([^:]+):(.+)$/.exec(voiceId)
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { server: match[1], voice: match[2] }
}
