import { hostname } from 'node:os'
import type { Logger } from 'pino'
import type { Database } from '../../storage/database-tables.ts'
import {
  addSpeakingSums,
  type SpeakingSums,
  speakingSums,
} from '../../storage/queries/speaking-rate-queries.ts'
import type { ApplicationEvent, EventBus, SegmentStateEvent } from '../event-bus.ts'

/** How fast a voice is spoken. */
export interface SpeakingRate {
  /** Seconds of speech per second of one place of its backend; `undefined`: this machine has not spoken it yet. */
  readonly speechPerSecond: number | undefined
  /** UTF-16 units of spoken text per second of speech at speed 1; `undefined`: no machine has spoken it yet. */
  readonly charactersPerSecond: number | undefined
}

const zeroSums: SpeakingSums = {
  segments: 0,
  characters: 0,
  speechSeconds: 0,
  pacedSeconds: 0,
  busySeconds: 0,
}

/** Fewer tell of the start of an engine more than of the voice. */
const fewestSegments = 5
/** Between two commits: so much is lost by a crash. */
const writeMs = 5000

interface SpeakingRatesParts {
  readonly db: Database
  readonly eventBus: EventBus
  readonly log: Logger
}

/**
 * Measures how fast this machine speaks each voice and stores it, so that it is known after a restart. Close it by
 * disposing of it, which stores the rest.
 */
export class SpeakingRates implements AsyncDisposable {
  readonly #parts: SpeakingRatesParts
  readonly #machine = hostname()
  readonly #subscription: Disposable
  readonly #timer: NodeJS.Timeout
  /** When the segments in flight were begun, by `segmentName`. */
  readonly #begun = new Map<string, number>()
  /** By voice, since the last commit. */
  #unwritten = new Map<string, SpeakingSums>()
  #writing: Promise<void> = Promise.resolve()

  constructor(parts: SpeakingRatesParts) {
    this.#parts = parts
    this.#subscription = parts.eventBus.subscribe((event, remote) => {
      if (!remote && event.kind === 'segment') this.#receive(event, performance.now())
    })
    this.#timer = setInterval(() => void this.write(), writeMs).unref()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscription[Symbol.dispose]()
    clearInterval(this.#timer)
    await this.write()
  }

  async of(voice: string): Promise<SpeakingRate> {
    const rows = await speakingSums(this.#parts.db, voice)
    const fresh = this.#unwritten.get(voice) ?? zeroSums
    const here = sumOf([fresh, ...rows.filter(({ machine }) => machine === this.#machine)])
    const all = sumOf([fresh, ...rows])
    return {
      speechPerSecond:
        here.segments >= fewestSegments && here.busySeconds > 0
          ? here.speechSeconds / here.busySeconds
          : undefined,
      charactersPerSecond: all.segments >= fewestSegments ? all.characters / all.pacedSeconds : undefined,
    }
  }

  /** Stores what was measured since the last time. While the database is away, it is kept. */
  write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeSums())
    return this.#writing
  }

  async #writeSums(): Promise<void> {
    const sums = this.#unwritten
    if (sums.size === 0) return
    this.#unwritten = new Map()
    try {
      await addSpeakingSums(this.#parts.db, this.#machine, sums)
    } catch (err) {
      for (const [voice, kept] of sums) this.#add(voice, kept)
      this.#parts.log.warn({ err }, 'how fast voices are spoken could not be stored')
    }
  }

  #receive({ segment, characters = 0 }: ApplicationEvent & { readonly kind: 'segment' }, now: number): void {
    const name = segmentName(segment)
    const begun = this.#begun.get(name)
    if (segment.state === 'speaking') return void this.#begun.set(name, now)
    this.#begun.delete(name)
    const { seconds = 0, speed, voice, state } = segment
    if (state !== 'spoken' || begun === undefined || seconds <= 0) return
    this.#add(voice, {
      segments: 1,
      characters,
      speechSeconds: seconds,
      pacedSeconds: seconds * speed,
      busySeconds: (now - begun) / 1000,
    })
  }

  #add(voice: string, sums: SpeakingSums): void {
    this.#unwritten.set(voice, sumOf([this.#unwritten.get(voice) ?? zeroSums, sums]))
  }
}

function segmentName({ novelId, chapterNumber, index, voice, speed }: SegmentStateEvent): string {
  return `${novelId}/${chapterNumber}/${index}/${voice}/${speed}`
}

function sumOf(all: readonly SpeakingSums[]): SpeakingSums {
  const sum = (of: keyof SpeakingSums): number => all.reduce((total, each) => total + each[of], 0)
  return {
    segments: sum('segments'),
    characters: sum('characters'),
    speechSeconds: sum('speechSeconds'),
    pacedSeconds: sum('pacedSeconds'),
    busySeconds: sum('busySeconds'),
  }
}
