import { isDeepStrictEqual } from 'node:util'
import { Failure } from '../../novel/failure.ts'
import { keptOrChanged } from '../../novel/setting-changes.ts'
import {
  type SpeechServer,
  speechServerAddress,
  speechServerKey,
  speechServerName,
} from '../../novel/speech-server.ts'
import { listServerVoices } from '../../speech/server/speech-server-client.ts'
import {
  insertServer,
  type RegisteredServer,
  updateServer,
} from '../../storage/queries/speech-server-queries.ts'
import type { Eyes } from '../../storage/queries/kept-novel-queries.ts'
import { novelsWithVoice } from '../../storage/queries/voice-queries.ts'
import type { Application } from '../application.ts'
import { applyVoiceChange, type VoiceChangeParts } from '../voices/voice-changes.ts'
import { removeForNow } from '../../storage/queries/removal-queries.ts'

/** What adds, changes and removes speech servers. */
export type SpeechServerParts = VoiceChangeParts & Pick<Application, 'serverBackends'>

/** Changes of a server. `null` removes a limit or the key, `undefined` keeps it. */
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

/** A small machine speaks one text at a time; OpenAI's limit is 4,096 characters. */
const defaults = { title: '', model: 'tts-1', parallel: 1, charactersPerRequest: 4096 }

/** Throws `speech-server.unknown`. */
function knownServer({ voices }: Pick<Application, 'voices'>, name: string): RegisteredServer {
  const known = voices.server(name)
  if (!known) throw new Failure('speech-server.unknown', { name })
  return known
}

/**
 * Adds a server; if no voices are given, asks it for them. Throws `request.invalid`, and what `askForVoices` throws.
 */
export async function addSpeechServer(
  application: SpeechServerParts,
  changes: SpeechServerChanges & { title: string; address: string },
) {
  const server = merged({ ...defaults, name: '', address: '' }, changes)
  const given = changes.voices ?? []
  const known =
    given.length > 0
      ? { server, voices: given, voicesListed: false }
      : { server, voices: await askForVoices(server), voicesListed: true }
  // The name is chosen last: another server of the same title may have been added meanwhile.
  const added = await insertServer(application.db, known, (taken) => speechServerName(server.title, taken))
  await serverChanged(application, added.server.name)
  return added
}

/** Changes a server; its pending segments are retried at once. Throws `speech-server.unknown`, `request.invalid`. */
export async function changeSpeechServer(
  application: SpeechServerParts,
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
 * Asks a server for its voices and stores them, unless its address or its voices were changed meanwhile, or it was
 * removed. Throws `speech-server.unknown`, `speech-server.silent`, `speech-server.no-voices`.
 */
export async function refreshServerVoices(
  application: SpeechServerParts,
  name: string,
): Promise<RegisteredServer> {
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

/**
 * Deletes a server with its key. Generations in its voices stay pending. Returns the novels that use them and `eyes` see. Throws
 * `speech-server.unknown`.
 */
export async function removeSpeechServer(
  application: SpeechServerParts,
  name: string,
  eyes: Eyes,
): Promise<{ readonly novels: { id: string; title: string }[]; readonly removal: string | undefined }> {
  const { db } = application
  knownServer(application, name)
  const novels = await novelsWithVoice(db, eyes, `server:${name}`)
  const removal = await removeForNow(db, 'speech-server', name)
  await serverChanged(application, name)
  return { novels, removal }
}

/** A server that was removed is back, with its key and what it has spoken this month. */
export async function restoredSpeechServer(application: SpeechServerParts, name: string): Promise<void> {
  await serverChanged(application, name)
}

/**
 * Reloads before the old backend is closed: a backend that is opened meanwhile must not get the old address and key.
 */
async function serverChanged(application: SpeechServerParts, name: string): Promise<void> {
  await application.voices.reload()
  application.serverBackends.forget(name)
  await applyVoiceChange(application)
}

/** Applies changes. A stored key belongs to the address that it was entered for: a new address drops it. */
function merged(server: SpeechServer, changes: SpeechServerChanges): SpeechServer {
  const { key: oldKey, charactersPerMonth: oldLimit, pcmRate: oldRate, ...same } = server
  const address = changes.address === undefined ? same.address : speechServerAddress(changes.address)
  const keptKey = address === same.address ? oldKey : undefined
  const [key, charactersPerMonth, pcmRate] = [
    keptOrChanged(keptKey, changes.key == null ? changes.key : speechServerKey(changes.key)),
    keptOrChanged(oldLimit, changes.charactersPerMonth),
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
