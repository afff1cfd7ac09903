import { detectContainer, isText } from '../../audio/codec/audio-kind.ts'
import { missingFromWav } from '../../audio/codec/wav.ts'
import type { SpeechServer } from '../../novel/speech-server.ts'
import { SpeechServerError } from './speech-server-error.ts'
import { errorOfResponse, isQuotaExceeded, quotaError, serverMessage } from './speech-server-refusal.ts'
import { sendRequest, type SpeechServerResponse } from './speech-server-request.ts'

export interface SpeechServerUtterance {
  readonly text: string
  /** The server's name of the voice. */
  readonly voice: string
  readonly speed: number
}

/** Ten minutes of WAV, 48 kHz, 16 bits, mono, are 58 MB; no chunk of text takes so long. */
const maxSpeechBytes = 100_000_000
const maxErrorTextBytes = 65_536
const maxListBytes = 1_000_000
const listTimeoutMs = 20_000
/** Node's fetch waits at most 300 s for the first byte of an answer. */
const maxTimeoutMs = 290_000

/** Increased whenever the same settings would give a different request. */
const requestVersion = 1
/** No segment is longer than this, so a larger limit has no effect. */
const longestSegment = 1000

/** The engine part of a recipe: all settings of a server that affect its audio. */
export function serverEngine({ address, model, pcmRate, charactersPerRequest }: SpeechServer): string {
  const cut = charactersPerRequest < longestSegment ? charactersPerRequest : undefined
  return `speech-server ${JSON.stringify([requestVersion, address, model, pcmRate ?? null, cut ?? null])}`
}

/**
 * Time-out of a request in milliseconds: minutes for a server that has not succeeded recently, since it may have to
 * load its model; otherwise 30 s plus five times the duration of slow speech for as many texts as are sent
 * concurrently, which it may process sequentially.
 */
export function speechTimeoutMs(server: SpeechServer, characters: number, warm: boolean): number {
  if (!warm) return maxTimeoutMs
  return Math.min(maxTimeoutMs, 30_000 + 300 * characters * server.parallel)
}

/**
 * Requests speech for a text of at most `charactersPerRequest`, and returns the audio file as received, in any format
 * and whatever its Content-Type. The default time-out is that of a first request. Throws `SpeechServerError`, or the
 * signal's reason.
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

/** Throws `bad-audio` for anything but complete audio, and `quota` if a 200 reports it. */
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
    const quoted = words === '' ? '' : ` (${words})`
    if (isQuotaExceeded(head)) throw quotaError(server, quoted, status)
    throw bad(`sends text instead of sound${quoted}`, 'check its address, model and voice')
  }
  if (server.pcmRate === undefined) {
    throw bad('sends sound in no format that is known', 'if it is raw PCM, enter its rate with the server')
  }
}

/** Problem of a WAV file, as the continuation of the server's title; `undefined` if there is none. */
function faultOfWav(bytes: Uint8Array): string | undefined {
  try {
    const missing = missingFromWav(bytes)
    return missing > 0 ? `broke off ${missing} bytes before the end of its sound` : undefined
  } catch (error) {
    return `sends a broken WAV file (${error instanceof Error ? error.message : String(error)})`
  }
}

/**
 * The voice names that a server lists; `undefined` if it has no list, so that they are entered by hand. Throws
 * `SpeechServerError` if it does not answer, fails or refuses the key, or the signal's reason.
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

/** Statuses of servers without a voice list. */
const noListStatuses = new Set([400, 404, 405, 410, 422, 501])

const maxVoices = 5000
const longestName = 200

/** Parses `{ voices: […] }` or a list, of names or of objects with a name; `undefined` for anything else. */
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

/** A voice's name; `undefined` for an implausible name, since it would be sent back unchanged. */
function nameIn(voice: unknown): string | undefined {
  const { id, voice_id, name } = (typeof voice === 'object' && voice !== null ? voice : {}) as Record<
    string,
    unknown
  >
  const found = [voice, id, voice_id, name].find((candidate) => typeof candidate === 'string')?.trim()
  if (!found || found.length > longestName || /\p{C}/u.test(found)) return undefined
  return found
}
