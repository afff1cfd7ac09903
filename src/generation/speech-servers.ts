import { deleteServer, type KnownServer, saveServer } from '../database/speech-servers.ts'
import { novelsWithVoice } from '../database/voices.ts'
import { Failure } from '../novel/failure.ts'
import {
  type SpeechServer,
  speechServerAddress,
  speechServerKey,
  speechServerName,
} from '../novel/speech-server.ts'
import { listServerVoices } from '../speech/speech-server-client.ts'
import type { Studio } from './studio.ts'
import { voicesChanged } from './voices-changed.ts'

/** What somebody tells of a server. `null` takes a limit or the key away, `undefined` leaves it. */
export interface ServerWishes {
  readonly title?: string | undefined
  readonly address?: string | undefined
  readonly key?: string | null | undefined
  readonly model?: string | undefined
  readonly voices?: readonly string[] | undefined
  readonly parallel?: number | undefined
  readonly charactersPerRequest?: number | undefined
  readonly charactersPerMonth?: number | null | undefined
  readonly pcmRate?: number | null | undefined
}

/** A small box speaks one text after the other; OpenAI's own limit is 4,096 characters. */
const usual = { title: '', model: 'tts-1', parallel: 1, charactersPerRequest: 4096 }

/** Throws `speech-server.unknown`. */
export function knownServer({ voices }: Studio, name: string): KnownServer {
  const known = voices.server(name)
  if (!known) throw new Failure('speech-server.unknown', { name })
  return known
}

/** Adds a server; without typed voices it is asked for them. Throws `request.invalid`, and what `askVoices` throws. */
export async function addServer(studio: Studio, wishes: ServerWishes & { title: string; address: string }) {
  const taken = new Set([...studio.voices.servers].map(({ server }) => server.name))
  const server = merged({ ...usual, name: speechServerName(wishes.title, taken), address: '' }, wishes)
  const known = { server, voices: wishes.voices ?? [], voicesListed: false }
  if (known.voices.length === 0) return askVoices(studio, known)
  return keep(studio, known)
}

/** What waits for the server is tried again at once. Throws `speech-server.unknown`, `request.invalid`. */
export async function changeServer(studio: Studio, name: string, wishes: ServerWishes): Promise<KnownServer> {
  const known = knownServer(studio, name)
  return keep(studio, {
    server: merged(known.server, wishes),
    voices: wishes.voices ?? known.voices,
    voicesListed: known.voicesListed && wishes.voices === undefined,
  })
}

/** Asks a server for its voices and keeps them. Throws `speech-server.silent`, `speech-server.no-voices`. */
export async function askVoices(studio: Studio, { server }: KnownServer): Promise<KnownServer> {
  let voices: readonly string[] | undefined
  try {
    voices = await listServerVoices(server, AbortSignal.timeout(15_000))
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new Failure('speech-server.silent', { detail }, { cause })
  }
  if (voices === undefined || voices.length === 0) {
    throw new Failure('speech-server.no-voices', { title: server.title })
  }
  return keep(studio, { server, voices, voicesListed: true })
}

/** Forgets a server with its key. What its voices were still to speak waits. Returns the novels that had them. */
export async function removeServer(studio: Studio, name: string): Promise<{ id: string; title: string }[]> {
  const { db, servers } = studio
  knownServer(studio, name)
  const novels = await novelsWithVoice(db, `server:${name}`)
  await deleteServer(db, name)
  servers.forget(name)
  await voicesChanged(studio)
  return novels
}

async function keep(studio: Studio, known: KnownServer): Promise<KnownServer> {
  const { db, servers } = studio
  await saveServer(db, known)
  servers.forget(known.server.name)
  await voicesChanged(studio)
  return known
}

function merged(server: SpeechServer, wishes: ServerWishes): SpeechServer {
  const { key: oldKey, charactersPerMonth: oldMonth, pcmRate: oldRate, ...same } = server
  const [key, charactersPerMonth, pcmRate] = [
    kept(oldKey, wishes.key == null ? wishes.key : speechServerKey(wishes.key)),
    kept(oldMonth, wishes.charactersPerMonth),
    kept(oldRate, wishes.pcmRate),
  ]
  return {
    name: same.name,
    title: wishes.title ?? same.title,
    address: wishes.address === undefined ? same.address : speechServerAddress(wishes.address),
    model: wishes.model ?? same.model,
    parallel: wishes.parallel ?? same.parallel,
    charactersPerRequest: wishes.charactersPerRequest ?? same.charactersPerRequest,
    ...(key !== undefined && { key }),
    ...(charactersPerMonth !== undefined && { charactersPerMonth }),
    ...(pcmRate !== undefined && { pcmRate }),
  }
}

function kept<T>(before: T | undefined, wish: T | null | undefined): T | undefined {
  return wish === undefined ? before : (wish ?? undefined)
}
