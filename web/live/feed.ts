import type { QueryClient } from '@tanstack/react-query'
import type { ProgressBrief, Queue, SegmentEvent } from '../../src/http/contract/generation-contract.ts'
import type { EventData, ProgressEvent } from '../../src/http/contract/event-contract.ts'
import type { Install, SpeechServerView } from '../../src/http/contract/voice-contract.ts'
import { isSignedOut } from '../answer-error.ts'
import { addresses, getFresh } from '../api.ts'
import { type Marks, noMarks } from '../element/ribbon-model.ts'
import { keys } from '../keys.ts'
import { renewListener } from '../listener/listener-events.ts'
import { isUnderWay } from '../voices/shown-installs.ts'
import { adding } from './watchers.ts'
import { changeKnown } from './known.ts'
import { marksWith } from './marks.ts'
import { renewed } from './apply.ts'
import { renewFigures } from './renew-figures.ts'

/** `asking`: the stream cannot be had, through a proxy that blocks it, say, but the server answers. */
export type Connection = 'connecting' | 'open' | 'asking' | 'lost'

/** Two speakers finish up to a hundred segments a second; the page redraws at most four times in it. */
const flushEvery = 250
/** Events count on from the last answer; now and then the server is asked again, so that no miscount can stay. */
const checkEvery = 10_000
/** Of a novel with its chapters, of which there may be thousands, events tell what changed: that it is asked for is for the case that one was missed. */
const checkChaptersEvery = 60_000
/** Who speaks what changes with every sentence. */
const checkMachinesEvery = 2000
/** A stream that breaks and returns within this time is not worth a word. */
const patience = 1500
/** While the server is away it is looked for, since the stream may be kept from the page for good. */
const seekEvery = 5000
/** How often the stream is tried for where somebody has to sign in first. */
const outsideEvery = 60_000
/** A stream that told something within this time is alive. */
const doubtful = 5000
/** Figures that are told this soon after an answer may have been read before it. */
const overtaken = 500

/** The one event stream of the page. What it tells goes into the query cache; what is only of the moment stays here. */
export class Feed {
  readonly #client: QueryClient
  readonly #watchers = new Set<() => void>()
  readonly #segmentWatchers = new Set<(event: SegmentEvent) => void>()
  readonly #progressWatchers = new Set<(event: ProgressEvent) => void>()
  readonly #commanded = new Map<string, number>()
  readonly #checks = new Map<string, ReturnType<typeof setTimeout>>()
  #marks = new Map<string, Marks>()
  #briefs = new Map<string, ProgressBrief>()
  #told: ProgressEvent[] = []
  #segments: SegmentEvent[] = []
  #source: EventSource | undefined
  #flushing = false
  #losing: ReturnType<typeof setTimeout> | undefined
  #seeking: ReturnType<typeof setTimeout> | undefined
  #heardAt = 0
  /** It is answered that somebody has to sign in first. */
  #outside = false
  connection: Connection = 'connecting'
  openings = 0

  constructor(client: QueryClient) {
    this.#client = client
    this.#open()
    addEventListener('offline', () => this.#lost())
    addEventListener('online', () => this.#open())
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#doubt()
    })
  }

  readonly watch = adding(this.#watchers)
  readonly watchSegments = adding(this.#segmentWatchers)
  readonly watchProgress = adding(this.#progressWatchers)

  /** The machine may have slept: the stream may be dead without knowing it. */
  #doubt(): void {
    if (this.connection === 'open' && Date.now() - this.#heardAt > doubtful) this.#open()
  }

  /** Something else could not reach the server. */
  unanswered(): void {
    this.#doubt()
    if (this.connection === 'asking') this.#lost()
  }

  /** The server was reached by other means than the stream. */
  answered(): void {
    if (this.connection !== 'lost') return
    this.#found()
  }

  /** The server's answer to a command is newer than what was told of that work until now. */
  commanded(id: string): void {
    this.#briefs.delete(id)
    this.#commanded.set(id, Date.now())
  }

  /** What is being spoken or was set aside in a chapter since the page is open. */
  marks(key: string): Marks {
    return this.#marks.get(key) ?? noMarks
  }

  get allMarks(): ReadonlyMap<string, Marks> {
    return this.#marks
  }

  /** The numbers of a novel's chapters in which a segment is being spoken now, in this voice and speed. */
  speakingChapters(novelId: string, voice: string | null, speed: number): number[] {
    const [before, after] = [`${novelId}/`, `/${voice}/${speed}`]
    return [...this.#marks].flatMap(([key, marks]) =>
      key.startsWith(before) && key.endsWith(after) && [...marks.values()].includes('speaking')
        ? [Number(key.slice(before.length, -after.length))]
        : [],
    )
  }

  #open(): void {
    this.#source?.close()
    const source = new EventSource(addresses.events)
    this.#source = source
    source.addEventListener('open', () => this.#opened())
    source.addEventListener('error', () => this.#broken(source))
    const on = <Kind extends keyof EventData>(kind: Kind, hear: (told: EventData[Kind]) => void): void =>
      source.addEventListener(kind, (event) => hear(JSON.parse(event.data)))
    on('segment', (event) => this.#heardSegment(event))
    on('progress', (brief) => {
      if (Date.now() - (this.#commanded.get(brief.id) ?? 0) > overtaken) this.#heardProgress(brief)
    })
    on('generation', (brief) => {
      this.#heardProgress(brief)
      this.#check(keys.queue, 300)
      this.#check(keys.progress(brief.id), 300)
      for (const key of [keys.novel(brief.novelId), keys.ahead(brief.novelId)]) this.#check(key, 300)
      this.#check(keys.novels, 1000)
    })
    on('novel', ({ id }) => {
      for (const key of [keys.novel(id), keys.chaptersOf(id), keys.review(id), keys.coverage(id)])
        this.#check(key, 300)
      for (const key of [keys.novels, keys.begun]) this.#check(key, 1000)
    })
    on('listener', (event) => renewListener(this.#client, event))
    on('machine', () => this.#check(keys.machines, 100))
    on('install', (event) => this.#heardInstall(event))
    on('speech-server', (event) => this.#heardServer(event))
  }

  #opened(): void {
    clearTimeout(this.#losing)
    this.#losing = undefined
    const again = this.connection === 'lost' || this.connection === 'asking'
    this.connection = 'open'
    this.#outside = false
    this.openings++
    this.#heardAt = Date.now()
    this.#marks = new Map()
    this.#tell()
    if (again) void this.#client.invalidateQueries()
  }

  #broken(source: EventSource): void {
    this.#losing ??= setTimeout(() => void this.#ask(), patience)
    // The browser tries again by itself, except after an answer that was no stream.
    if (source.readyState !== EventSource.CLOSED) return
    const reopen = (): void => void (this.#source === source && this.#open())
    setTimeout(reopen, this.#outside ? outsideEvery : 3000)
  }

  /** The stream is gone: is the server? */
  async #ask(): Promise<void> {
    const signal = AbortSignal.timeout(patience)
    try {
      const queue = await getFresh<Queue>(addresses.queue, signal)
      if (this.connection === 'open' && this.#losing === undefined) return
      this.#client.setQueryData(keys.queue, queue)
      this.#found()
    } catch (error) {
      this.#outside = isSignedOut(error)
      if (!this.#outside && (this.#losing !== undefined || this.connection === 'lost')) this.#lost()
    }
  }

  /** The server answers, though there is no stream. */
  #found(): void {
    const again = this.connection === 'lost'
    this.connection = 'asking'
    this.#marks = new Map()
    this.#tell()
    if (again) void this.#client.invalidateQueries()
  }

  #lost(): void {
    this.connection = 'lost'
    this.#marks = new Map()
    this.#tell()
    clearTimeout(this.#seeking)
    this.#seeking = setTimeout(() => {
      if (this.connection === 'lost') void this.#ask()
    }, seekEvery)
  }

  #heardSegment(event: SegmentEvent): void {
    this.#heardAt = Date.now()
    this.#segments.push(event)
    this.#flushSoon()
    for (const watcher of this.#segmentWatchers) watcher(event)
  }

  #heardProgress(told: ProgressEvent): void {
    const { changed: _, ...brief } = told
    this.#briefs.set(brief.id, brief)
    this.#told.push(told)
    this.#flushSoon()
    for (const watcher of this.#progressWatchers) watcher(told)
  }

  #heardInstall(install: Install): void {
    this.#heardAt = Date.now()
    changeKnown<Install[]>(this.#client, keys.installs, (known) => renewed(known, install, 'id'))
    // Nothing is told after its end, which may have come before the answer to its own press.
    if (!isUnderWay(install)) this.#check(keys.installs, 300)
    if (install.status !== 'completed') return
    this.#check(keys.voices, 0)
    this.#check(keys.catalogues, 0)
    // Novels without a voice of their own have a better one now.
    this.#check(['novel'], 0)
    this.#check(keys.novels, 0)
  }

  #heardServer(server: SpeechServerView): void {
    this.#heardAt = Date.now()
    changeKnown<SpeechServerView[]>(this.#client, keys.servers, (known) => renewed(known, server, 'name'))
    // What waits for it says so, or does so no more.
    this.#check(keys.queue, 300)
    this.#check(['progress'], 300)
  }

  #flushSoon(): void {
    if (this.#flushing) return
    this.#flushing = true
    setTimeout(() => this.#flush(), flushEvery)
  }

  #flush(): void {
    this.#flushing = false
    const [segments, briefs, told] = [this.#segments, this.#briefs, this.#told]
    this.#segments = []
    this.#told = []
    this.#briefs = new Map()
    this.#marks = marksWith(this.#marks, segments)
    renewFigures(this.#client, { segments, briefs, told })
    for (const { novelId } of segments) {
      this.#check(keys.novel(novelId), checkChaptersEvery)
      this.#check(keys.novels, checkEvery)
    }
    if (segments.length > 0) this.#check(keys.machines, checkMachinesEvery)
    // Those of the month are counted with every sentence that is sent.
    if (segments.some((event) => event.voice.startsWith('server:'))) this.#check(keys.servers, checkEvery)
    if (segments.some((event) => event.state === 'set-aside'))
      for (const id of briefs.keys()) this.#check(keys.progress(id), 1000)
    this.#tell()
  }

  #check(key: readonly unknown[], wait: number): void {
    const name = `${key.join('/')} ${wait}`
    if (this.#checks.has(name)) return
    const timer = setTimeout(() => {
      this.#checks.delete(name)
      void this.#client.invalidateQueries({ queryKey: key })
    }, wait)
    this.#checks.set(name, timer)
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher()
  }
}
