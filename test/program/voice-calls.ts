import type { Install, Voice } from '../../src/http/contract/voice-contract.ts'
import type { Api } from './api-client.ts'
import { waitUntil } from './wait-until.ts'

/** Installs a voice of the catalogue; returns how that has ended. */
export async function installed(api: Api, id: string): Promise<Install> {
  const { installId } = (await (await api.post('/api/voices/install', { id })).json()) as {
    installId: string
  }
  let install: Install | undefined
  await waitUntil(async () => {
    install = (await api.json<{ install: Install }>(`/api/voices/installs/${installId}`)).install
    return ['completed', 'failed'].includes(install.status)
  })
  return install!
}

/** A voice that can speak; `undefined` if there is none of that id. */
export async function voiceOf(api: Api, id: string): Promise<Voice | undefined> {
  return (await api.json<{ voices: Voice[] }>('/api/voices')).voices.find((voice) => voice.id === id)
}
