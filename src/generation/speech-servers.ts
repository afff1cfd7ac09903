import { isDeepStrictEqual } from 'node:util'
import { deleteServer, insertServer, type KnownServer, updateServer } from '../database/speech-servers.ts'
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
function knownServer({ voices }: Studio, name: string): KnownServer {
  const known = voices.server(name)
  if (!known) throw new Failure('speech-server.unknown', { name })
  return known
}

/** Adds a server; without typed voices it is asked for them. Throws `request.invalid`, and what `askVoices` throws. */
export async function addServer(studio: Studio, wishes: ServerWishes & { title: string; address: string }) {
  const server = merged({ ...usual, name: '', address: '' }, wishes)
  const typed = wishes.voices ?? []
  const known =
    typed.length > 0
      ? { server, voices: typed, voicesListed: false }
      : { server, voices: await voicesOf(server), voicesListed: true }
  // Its name is chosen last: another of the same title may have come while it was asked for its voices.
  const added = await insertServer(studio.db, known, (taken) => speechServerName(server.title, taken))
  await serverChanged(studio, added.server.name)
  return added
}

/** What waits for the server is tried again at once. Throws `speech-server.unknown`, `request.invalid`. */
export async function changeServer(studio: Studio, name: string, wishes: ServerWishes): Promise<KnownServer> {
  const changed = await updateServer(studio.db, name, (known) => ({
    server: merged(known.server, wishes),
    voices: wishes.voices ?? known.voices,
    voicesListed: known.voicesListed && wishes.voices === undefined,
  }))
  if (!changed) throw new Failure('speech-server.unknown', { name })
  await serverChanged(studio, name)
  return changed
}

/**
 * Asks a server for its voices and keeps them. What was changed meanwhile stays changed: voices that somebody typed, and
 * an address that is not the one that was asked; a server that was removed stays removed. Throws
 * `speech-server.unknown`, `speech-server.silent`, `speech-server.no-voices`.
 */
export async function askVoices(studio: Studio, name: string): Promise<KnownServer> {
  const asked = knownServer(studio, name)
  const voices = await voicesOf(asked.server)
  const changed = await updateServer(studio.db, name, (now) => {
    const stale = now.server.address !== asked.server.address || !isDeepStrictEqual(now.voices, asked.voices)
    return stale ? now : { ...now, voices, voicesListed: true }
  })
  if (!changed) throw new Failure('speech-server.unknown', { name })
  await serverChanged(studio, name)
  return changed
}

/** Throws `speech-server.silent`, `speech-server.no-voices`. */
async function voicesOf(server: SpeechServer): Promise<readonly string[]> {
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
  return voices
}

/** Forgets a server with its key. What its voices were still to speak waits. Returns the novels that had them. */
export async function removeServer(studio: Studio, name: string): Promise<{ id: string; title: string }[]> {
  const { db } = studio
  knownServer(studio, name)
  const novels = await novelsWithVoice(db, `server:${name}`)
  await deleteServer(db, name)
  await serverChanged(studio, name)
  return novels
}

/** The rows are read before the backend is let go: whoever opens it anew meanwhile must not find the old address and key. */
async function serverChanged(studio: Studio, name: string): Promise<void> {
  await studio.voices.reload()
  studio.servers.forget(name)
  await voicesChanged(studio)
}

/** A stored key belongs to the address that it was entered for: another address takes none along. */
function merged(server: SpeechServer, wishes: ServerWishes): SpeechServer {
  const { key: storedKey, charactersPerMonth: oldMonth, pcmRate: oldRate, ...same } = server
  const address = wishes.address === undefined ? same.address : speechServerAddress(wishes.address)
  const oldKey = address === same.address ? storedKey : undefined
  const [key, charactersPerMonth, pcmRate] = [
    kept(oldKey, wishes.key == null ? wishes.key : speechServerKey(wishes.key)),
    kept(oldMonth, wishes.charactersPerMonth),
    kept(oldRate, wishes.pcmRate),
  ]
  return {
    name: same.name,
    title: wishes.title ?? same.title,
    address,
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
