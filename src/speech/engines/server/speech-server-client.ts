import { detectContainer, isText } from '../../../audio/codec/audio-kind.ts'
import { missingFromWav } from '../../../audio/codec/wav.ts'
import type { SpeechServer } from '../../../novel/speech-server.ts'
import { SpeechServerError } from './speech-server-error.ts'
import { sendRequest, type SpeechServerResponse } from './speech-server-request.ts'
import { isQuotaExceeded, errorOfResponse, quotaError, serverMessage } from './speech-server-refusal.ts'

export interface SpeechServerUtterance {
  readonly text: string
  /** As the server calls it. */
  readonly voice: string
  readonly speed: number
}

/** Ten minutes of WAV, 48 kHz, 16 bits, mono, are 58 MB; no piece of text takes so long to say. */
const maxSpeechBytes = 100_000_000
const maxErrorTextBytes = 65_536
const maxListBytes = 1_000_000
const listTimeoutMs = 20_000
/** Node's fetch waits no longer than 300 s for an answer's first byte. */
const maxTimeoutMs = 290_000

/** Raised whenever the same settings would be asked for in another way. */
const requestVersion = 1
/** No segment is longer than this, so that a larger limit cuts none. */
const longestSegment = 1000

/** All of a server that shapes its sound, for the clips' keys: two that differ in any of it may sound different. */
export function serverEngine({ address, model, pcmRate, charactersPerRequest }: SpeechServer): string {
  const cut = charactersPerRequest < longestSegment ? charactersPerRequest : undefined
  return `speech-server ${JSON.stringify([requestVersion, address, model, pcmRate ?? null, cut ?? null])}`
}

/**
 * How long a server may take to speak a text, in milliseconds: minutes for one that has not answered yet, or not for
 * long, since it may have to load its model; then five times as long as the speech of a slow reader, and as many
 * texts as are sent to it at the same time, which it may speak one after the other.
 */
export function speechTimeoutMs(server: SpeechServer, characters: number, warm: boolean): number {
  if (!warm) return maxTimeoutMs
  return Math.min(maxTimeoutMs, 30_000 + 300 * characters * server.parallel)
}

/**
 * Asks a server to speak a text of at most `charactersPerRequest`, and gives the file of sound as it came: in whatever
 * format, whatever its Content-Type says. Without `timeoutMs` it waits as long as for a first request. Throws
 * `SpeechServerError`, or the signal's reason.
 */
export async function requestSpeech(
  server: SpeechServer,
  { text, voice, speed }: SpeechServerUtterance,
  { signal, timeoutMs = maxTimeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs?: number },
): Promise<Uint8Array> {
  const answer = await sendRequest(server, {
    path: '/audio/speech',
    json: { model: server.model, input: text, voice, response_format: 'wav', speed, stream: false },
    signal,
    timeoutMs,
    maxBytes: maxSpeechBytes,
  })
  if (answer.status < 200 || answer.status >= 300) throw errorOfResponse(server, answer, Date.now())
  assertAudio(server, answer)
  return answer.body
}

/** Throws `bad-audio` for what is no whole sound, and `quota` where the server says so with 200. */
function assertAudio(server: SpeechServer, { status, body }: SpeechServerResponse): void {
  const bad = (what: string, advice = 'its own log may say why'): SpeechServerError =>
    new SpeechServerError(server, 'bad-audio', what, { advice, status })
  const kind = detectContainer(body)
  const fault = kind === 'wav' ? faultOfWav(body) : undefined
  if (fault !== undefined) throw bad(fault)
  if (kind !== undefined) return
  if (body.length === 0) throw bad('sends an empty answer instead of sound')
  if (isText(body)) {
    const head = body.subarray(0, maxErrorTextBytes)
    const words = serverMessage(head, server.key)
    const said = words === '' ? '' : ` (${words})`
    if (isQuotaExceeded(head)) throw quotaError(server, said, status)
    throw bad(`sends text instead of sound${said}`, 'check its address, model and voice')
  }
  if (server.pcmRate === undefined) {
    throw bad('sends sound in no format that is known', 'if it is raw PCM, enter its rate with the server')
  }
}

/** What is wrong with a WAV file, after the server's title; `undefined` if nothing is. */
function faultOfWav(bytes: Uint8Array): string | undefined {
  try {
    const missing = missingFromWav(bytes)
    return missing > 0 ? `broke off ${missing} bytes before the end of its sound` : undefined
  } catch (error) {
    return `sends a broken WAV file (${error instanceof Error ? error.message : String(error)})`
  }
}

/**
 * The voices that a server lists, as it wants them called; `undefined` where it has no list, so that they are typed.
 * Throws `SpeechServerError` where it does not answer, fails or refuses the key, or the signal's reason.
 */
export async function listServerVoices(
  server: SpeechServer,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  for (const path of ['/audio/voices', '/voices']) {
    const answer = await sendRequest(server, {
      path,
      signal,
      timeoutMs: listTimeoutMs,
      maxBytes: maxListBytes,
    })
    if (answer.status >= 200 && answer.status < 300) {
      const voices = voicesIn(answer.body)
      if (voices) return voices
    } else if (!noListStatuses.has(answer.status)) throw errorOfResponse(server, answer, Date.now())
  }
  return undefined
}

/** What servers answer at an address that they do not have. */
const noListStatuses = new Set([400, 404, 405, 410, 422, 501])

const maxVoices = 5000
const longestName = 200

/** `{ voices: […] }` or a list, of names or of objects with one; `undefined` for anything else. */
function voicesIn(body: Uint8Array): string[] | undefined {
  let answer: unknown
  try {
    answer = JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
  const list: unknown = Array.isArray(answer) ? answer : (answer as { voices?: unknown } | null)?.voices
  if (!Array.isArray(list)) return undefined
  const names = list.map(nameIn).filter((name) => name !== undefined)
  return [...new Set(names)].slice(0, maxVoices)
}

/** What the server calls a voice; none for a name that no voice has: it would be sent back as it is. */
function nameIn(voice: unknown): string | undefined {
  const { id, voice_id, name } = (typeof voice === 'object' && voice !== null ? voice : {}) as Record<
    string,
    unknown
  >
  const found = [voice, id, voice_id, name].find((candidate) => typeof candidate === 'string')?.trim()
  if (!found || found.length > longestName || /\p{C}/u.test(found)) return undefined
  return found
}
