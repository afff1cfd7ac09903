import type {
  AcceptedChapter,
  AcceptedChapters,
  Progress,
  Queue,
} from '../src/http/contract/generation-contract.ts'
import type { Chapter, ChapterListed, Novel } from '../src/http/contract/novel-contract.ts'
import type { ExportForm, Feed, Export } from '../src/http/contract/export-contract.ts'
import type { HeardChapterView } from '../src/http/contract/heard-contract.ts'
import type { Machine, Machines } from '../src/http/contract/speaker-contract.ts'
import type {
  BlendPart,
  CatalogueVoice,
  Install,
  SpeechServerView,
  Voice,
  VoiceUse,
} from '../src/http/contract/voice-contract.ts'
import { failureIn, isUnanswered, unreachable } from './answer-error.ts'
import { base } from './base.ts'
import { contact, noted } from './contact.ts'
import type { Sound } from './keys.ts'
import { keptAnswer, type PlayableTimeline, withKeptAudio } from './offline/kept-answers.ts'

export interface GenerateOptions {
  readonly novelId: string
  readonly voice?: string
  readonly speed?: number
  /** Higher is sooner; what a person waits for goes before what a night is for. */
  readonly priority?: number
}

/** The voices that can be installed. */
export interface Catalogue {
  /** Where they come from, for people. */
  readonly source: string
  readonly total: number
  readonly voices: readonly CatalogueVoice[]
  /** Of all voices; the shelf's languages first. */
  readonly languages: readonly {
    readonly tag: string
    readonly name: string
    readonly nativeName: string
    readonly count: number
  }[]
}

/** What can be told of a speech server; `null` takes the key or a limit away, what is left out stays. */
export type ServerWishes = Partial<
  Pick<
    SpeechServerView,
    | 'title'
    | 'address'
    | 'model'
    | 'voices'
    | 'parallel'
    | 'charactersPerRequest'
    | 'charactersPerMonth'
    | 'pcmRate'
  > & { key: string | null }
>

/** A form that has to be made first: on its way, or there with so many bytes. */
export type Recording =
  | { readonly there: false; readonly export: Export }
  | { readonly there: true; readonly bytes: number | null }

/** The answer to a removal that can be taken back for an hour. */
export interface Removed {
  readonly removal?: string
}

export const addresses = {
  chapter: (novelId: string, number: number) => `${base}/api/novels/${novelId}/chapters/${number}`,
  /** `kept`: by this tag it is kept on this device, where the service worker answers. */
  audio: (sound: Sound, kept?: string) =>
    soundAddress(sound, 'audio.m4a') + (kept === undefined ? '' : `&${query({ kept })}`),
  download: (novelId: string, number: number) => `${base}/api/novels/${novelId}/chapters/${number}/audio.m4a`,
  feed: (novelId: string) => `${base}/api/novels/${novelId}/feed`,
  feedCode: (novelId: string, { createdAt }: Feed) =>
    // A page shows one picture for one address, however often it is told not to keep it.
    `${base}/api/novels/${novelId}/feed/qr.svg?${query({ made: createdAt })}`,
  opds: `${base}/opds`,
  init: (sound: Sound) => soundAddress(sound, 'init.mp4'),
  segment: (sound: Sound, index: number) => soundAddress(sound, `segments/${index}.m4s`),
  events: `${base}/api/worker/events`,
  queue: `${base}/api/worker/queue`,
  novels: `${base}/api/novels`,
  voiceFiles: `${base}/api/voices/files`,
} as const

export const api = {
  novels: (search: string, offset: number, limit: number, signal?: AbortSignal) =>
    get<{ novels: Novel[] }>(`${base}/api/novels?${query({ search, offset, limit })}`, signal).then(
      (a) => a.novels,
    ),
  novel: (id: string, signal?: AbortSignal) =>
    get<{ novel: Novel; chapters: ChapterListed[] }>(`${base}/api/novels/${id}`, signal),
  patchNovel: (
    id: string,
    change: Partial<Pick<Novel, 'title' | 'author' | 'voice' | 'speed'>> & { readonly kept?: boolean },
  ) => send('PATCH', `${base}/api/novels/${id}`, change),
  deleteNovel: (id: string) => send('DELETE', `${base}/api/novels/${id}`),
  chapter: (id: string, number: number, signal?: AbortSignal) =>
    get<{ chapter: Chapter }>(`${addresses.chapter(id, number)}?words=false`, signal).then((a) => a.chapter),
  narrate: (id: string, number: number, narrated: boolean) =>
    send('PATCH', addresses.chapter(id, number), { narrated }),
  /** Has the skip of this index spoken with its chapter. */
  takeIn: (id: string, number: number, index: number) =>
    send<{ chapter: Chapter }>('PATCH', addresses.chapter(id, number), { takeIn: index }).then(
      (a) => a.chapter,
    ),
  timeline: (sound: Sound, signal?: AbortSignal) =>
    get<{ timeline: PlayableTimeline }>(soundAddress(sound, 'timeline'), signal).then((a) =>
      withKeptAudio(sound.novelId, sound.chapterNumber, a.timeline),
    ),
  heard: (id: string, signal?: AbortSignal) =>
    get<{ heard: HeardChapterView[] }>(`${base}/api/novels/${id}/heard`, signal).then((a) => a.heard),
  exports: (id: string, signal?: AbortSignal) =>
    get<{ exports: ExportForm[] }>(`${base}/api/novels/${id}/exports`, signal).then((a) => a.exports),
  /** Asking has it made. One byte of it is enough to know that it is there. */
  recording: async (address: string, signal?: AbortSignal): Promise<Recording> => {
    const range = { headers: { range: 'bytes=0-0' }, cache: 'no-store' } as const
    const answer = await ask(address, { ...range, ...(signal && { signal }) })
    if (answer.status === 202)
      return { there: false, export: ((await answer.json()) as { export: Export }).export }
    await answer.body?.cancel()
    const size = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1]
    return { there: true, bytes: size === undefined ? null : Number(size) }
  },
  feed: (id: string, signal?: AbortSignal) =>
    get<{ feed: Feed | null }>(addresses.feed(id), signal).then((a) => a.feed),
  makeFeed: (id: string) => send<{ feed: Feed }>('POST', addresses.feed(id)).then((a) => a.feed),
  revokeFeed: (id: string) => send<Removed>('DELETE', addresses.feed(id)),
  voices: (signal?: AbortSignal) =>
    get<{ voices: Voice[] }>(`${base}/api/voices`, signal).then((a) => a.voices),
  sample: async (
    voiceId: string,
    wish: { speed: number; language?: string | undefined; text?: string },
    signal: AbortSignal,
  ) => {
    const answer = await ask(`${voiceAddress(voiceId)}/sample`, {
      ...json('POST', wish),
      signal,
    })
    return answer.blob()
  },
  changeVoice: (id: string, change: { name?: string; default?: true }) =>
    send('PATCH', voiceAddress(id), change),
  removeVoice: (id: string) => send('DELETE', voiceAddress(id)),
  voiceUses: (id: string, signal?: AbortSignal) =>
    get<{ novels: VoiceUse[] }>(`${voiceAddress(id)}/uses`, signal).then((a) => a.novels),
  catalogue: (search: string, signal?: AbortSignal) =>
    get<Catalogue>(`${base}/api/voices/catalogue?${query({ search, limit: 500 })}`, signal),
  /** The natural voices of a language that can be had. */
  offers: (language: string, signal?: AbortSignal) =>
    get<Catalogue>(`${base}/api/voices/catalogue?${query({ language, limit: 100 })}`, signal).then(
      (a) => a.voices,
    ),
  /** How one of them sounds. */
  offeredSample: async (id: string, signal: AbortSignal) => {
    const answer = await ask(`${base}/api/voices/catalogue/${encodeURIComponent(id)}/sample`, { signal })
    return answer.blob()
  },
  voiceCard: (id: string, signal?: AbortSignal) =>
    get<{ card: { licence: string | null; text: string | null } }>(
      `${base}/api/voices/catalogue/${encodeURIComponent(id)}/card`,
      signal,
    ).then((a) => a.card),
  installs: (signal?: AbortSignal) =>
    get<{ installs: Install[] }>(`${base}/api/voices/installs`, signal).then((a) => a.installs),
  install: (id: string, weights?: NonNullable<Voice['weights']>) =>
    send<{ install: Install }>('POST', `${base}/api/voices/install`, { id, weights }).then((a) => a.install),
  blendSample: async (parts: readonly BlendPart[], signal: AbortSignal) => {
    const answer = await ask(`${base}/api/voices/blends/sample`, { ...json('POST', { parts }), signal })
    return answer.blob()
  },
  keepBlend: (parts: readonly BlendPart[], name: string | undefined) =>
    send<{ voice: Voice }>('POST', `${base}/api/voices/blends`, { parts, name }).then((a) => a.voice),
  cancelInstall: (id: string) =>
    send<{ install: Install }>('POST', `${base}/api/voices/installs/${id}/cancel`).then((a) => a.install),
  speechServers: (signal?: AbortSignal) =>
    get<{ servers: SpeechServerView[] }>(`${base}/api/speech-servers`, signal).then((a) => a.servers),
  addServer: (wishes: ServerWishes) =>
    send<{ server: SpeechServerView }>('POST', `${base}/api/speech-servers`, wishes).then((a) => a.server),
  changeServer: (name: string, wishes: ServerWishes) =>
    send<{ server: SpeechServerView }>('PATCH', `${base}/api/speech-servers/${name}`, wishes).then(
      (a) => a.server,
    ),
  askServerVoices: (name: string) =>
    send<{ server: SpeechServerView }>('POST', `${base}/api/speech-servers/${name}/voices`).then(
      (a) => a.server,
    ),
  removeServer: (name: string) => send<Removed>('DELETE', `${base}/api/speech-servers/${name}`),
  bringBack: (removal: string) => send('POST', `${base}/api/removals/${removal}/undo`),
  machines: (signal?: AbortSignal) => get<Machines>(`${base}/api/machines`, signal),
  steerMachine: (id: string, verb: 'drain' | 'resume') =>
    send<{ machine: Machine }>('POST', `${base}/api/machines/${id}/${verb}`).then((a) => a.machine),
  forgetMachine: (id: string) => send('DELETE', `${base}/api/machines/${id}`),
  generateChapter: (wish: GenerateOptions & { chapterNumber: number }) =>
    send<AcceptedChapter>('POST', `${base}/api/worker/generate/chapter`, wish),
  generateBatch: (wish: GenerateOptions & { chapterNumbers: readonly number[] }) =>
    send<AcceptedChapters>('POST', `${base}/api/worker/generate/batch`, wish),
  generateAll: (wish: GenerateOptions) =>
    send<AcceptedChapters>('POST', `${base}/api/worker/generate/all`, wish),
  progress: (id: string, signal?: AbortSignal) =>
    get<{ progress: Progress }>(`${base}/api/worker/progress/${id}`, signal).then((a) => a.progress),
  command: (id: string, verb: 'pause' | 'resume' | 'cancel' | 'retry') =>
    send<{ progress: Progress }>('POST', `${base}/api/worker/progress/${id}/${verb}`).then((a) => a.progress),
  queue: (signal?: AbortSignal) => get<Queue>(addresses.queue, signal),
} as const

/** The bytes at an address. Throws `AnswerError`. */
export async function bytes(address: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const answer = await ask(address, { signal })
  return answer.arrayBuffer()
}

/** Milliseconds after which what is kept on this device is the answer, if it is. */
const patience = 4000

/** What the server says, or said when it was kept on this device, if there is no answer. Throws `AnswerError`. */
export async function get<T>(address: string, signal?: AbortSignal): Promise<T> {
  const known = contact.isLost() ? await keptAnswer(address) : undefined
  if (known !== undefined) return known as T
  const asked = getFresh<T>(address, signal)
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, patience, 'late'))
  let failure: unknown
  const first = await Promise.race([
    asked.catch((error: unknown) => {
      if (!isUnanswered(error)) throw error
      failure = error
      return 'late' as const
    }),
    late,
  ])
  if (first !== 'late') return first
  const kept = await keptAnswer(address)
  if (kept === undefined) return asked
  if (failure === undefined) contact.unanswered()
  return kept as T
}

/** What the server says now. Throws `AnswerError`. */
export async function getFresh<T>(address: string, signal?: AbortSignal): Promise<T> {
  const answer = await ask(address, signal ? { signal } : {})
  return (await answer.json()) as T
}

export async function send<T = unknown>(
  method: string,
  address: string,
  body?: object,
  init: RequestInit = {},
): Promise<T> {
  const answer = await ask(address, { ...json(method, body), ...init })
  return (answer.status === 204 ? {} : await answer.json()) as T
}

export async function ask(address: string, init: RequestInit): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(address, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    contact.unanswered()
    throw unreachable()
  }
  if (!answer.ok) throw noted(failureIn(await answer.text(), answer.status))
  contact.answered()
  return answer
}

function json(method: string, body?: object): RequestInit {
  return body
    ? { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    : { method }
}

export function soundAddress(sound: Sound, rest: string): string {
  const { novelId, chapterNumber, voice, speed } = sound
  return `${addresses.chapter(novelId, chapterNumber)}/${rest}?${query({ voice, speed })}`
}

function voiceAddress(id: string): string {
  return `${base}/api/voices/${encodeURIComponent(id)}`
}

export function query(values: Record<string, string | number>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== '') search.set(name, String(value))
  return search.toString()
}
