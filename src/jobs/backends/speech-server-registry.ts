import { isDeepStrictEqual } from 'node:util'
import {
  deleteServer,
  insertServer,
  type RegisteredServer,
  updateServer,
} from '../../storage/queries/speech-server-queries.ts'
import { novelsWithVoice } from '../../storage/queries/voice-queries.ts'
import { Failure } from '../../novel/failure.ts'
import {
  type SpeechServer,
  speechServerAddress,
  speechServerKey,
  speechServerName,
} from '../../novel/speech-server.ts'
import { listServerVoices } from '../../speech/engines/server/speech-server-client.ts'
import type { Application } from '../application.ts'
import { applyVoiceChange } from '../voices/voice-changes.ts'

/** What somebody tells of a server. `null` takes a limit or the key away, `undefined` leaves it. */
export interface SpeechServerChanges {
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
const defaults = { title: '', model: 'tts-1', parallel: 1, charactersPerRequest: 4096 }

/** Throws `speech-server.unknown`. */
function knownServer({ voices }: Application, name: string): RegisteredServer {
  const known = voices.server(name)
  if (!known) throw new Failure('speech-server.unknown', { name })
  return known
}

/** Adds a server; without typed voices it is asked for them. Throws `request.invalid`, and what `askVoices` throws. */
export async function addSpeechServer(
  application: Application,
  changes: SpeechServerChanges & { title: string; address: string },
) {
  const server = merged({ ...defaults, name: '', address: '' }, changes)
  const typed = changes.voices ?? []
  const known =
    typed.length > 0
      ? { server, voices: typed, voicesListed: false }
      : { server, voices: await askForVoices(server), voicesListed: true }
  // Its name is chosen last: another of the same title may have come while it was asked for its voices.
  const added = await insertServer(application.db, known, (taken) => speechServerName(server.title, taken))
  await serverChanged(application, added.server.name)
  return added
}

/** What waits for the server is tried again at once. Throws `speech-server.unknown`, `request.invalid`. */
export async function changeSpeechServer(
  application: Application,
  name: string,
  changes: SpeechServerChanges,
): Promise<RegisteredServer> {
  const changed = await updateServer(application.db, name, (known) => ({
    server: merged(known.server, changes),
    voices: changes.voices ?? known.voices,
    voicesListed: known.voicesListed && changes.voices === undefined,
  }))
  if (!changed) throw new Failure('speech-server.unknown', { name })
  await serverChanged(application, name)
  return changed
}

/**
 * Asks a server for its voices and keeps them. What was changed meanwhile stays changed: voices that somebody typed, and
 * an address that is not the one that was asked; a server that was removed stays removed. Throws
 * `speech-server.unknown`, `speech-server.silent`, `speech-server.no-voices`.
 */
export async function refreshServerVoices(application: Application, name: string): Promise<RegisteredServer> {
  const asked = knownServer(application, name)
  const voices = await askForVoices(asked.server)
  const changed = await updateServer(application.db, name, (now) => {
    const stale = now.server.address !== asked.server.address || !isDeepStrictEqual(now.voices, asked.voices)
    return stale ? now : { ...now, voices, voicesListed: true }
  })
  if (!changed) throw new Failure('speech-server.unknown', { name })
  await serverChanged(application, name)
  return changed
}

/** Throws `speech-server.silent`, `speech-server.no-voices`. */
async function askForVoices(server: SpeechServer): Promise<readonly string[]> {
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
export async function removeSpeechServer(
  application: Application,
  name: string,
): Promise<{ id: string; title: string }[]> {
  const { db } = application
  knownServer(application, name)
  const novels = await novelsWithVoice(db, `server:${name}`)
  await deleteServer(db, name)
  await serverChanged(application, name)
  return novels
}

/** The rows are read before the backend is let go: whoever opens it anew meanwhile must not find the old address and key. */
async function serverChanged(application: Application, name: string): Promise<void> {
  await application.voices.reload()
  application.serverBackends.forget(name)
  await applyVoiceChange(application)
}

/** A stored key belongs to the address that it was entered for: another address takes none along. */
function merged(server: SpeechServer, changes: SpeechServerChanges): SpeechServer {
  const { key: storedKey, charactersPerMonth: oldMonth, pcmRate: oldRate, ...same } = server
  const address = changes.address === undefined ? same.address : speechServerAddress(changes.address)
  const oldKey = address === same.address ? storedKey : undefined
  const [key, charactersPerMonth, pcmRate] = [
    keptOrChanged(oldKey, changes.key == null ? changes.key : speechServerKey(changes.key)),
    keptOrChanged(oldMonth, changes.charactersPerMonth),
    keptOrChanged(oldRate, changes.pcmRate),
  ]
  return {
    name: same.name,
    title: changes.title ?? same.title,
    address,
    model: changes.model ?? same.model,
    parallel: changes.parallel ?? same.parallel,
    charactersPerRequest: changes.charactersPerRequest ?? same.charactersPerRequest,
    ...(key !== undefined && { key }),
    ...(charactersPerMonth !== undefined && { charactersPerMonth }),
    ...(pcmRate !== undefined && { pcmRate }),
  }
}

function keptOrChanged<T>(before: T | undefined, change: T | null | undefined): T | undefined {
  return change === undefined ? before : (change ?? undefined)
}
