import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Database } from '../database/tables.ts'
import { isFull } from '../database/sqlite-errors.ts'
import {
  deleteRecording,
  deleteSomeRecordings,
  insertRecordings,
  nextRecording,
  recordedBytes,
  recordingsByKey,
  recordingsOfNovel,
  touchRecordings,
  updateRecording,
  waitingRecordings,
} from '../database/recordings.ts'
import { novelById } from '../database/novels.ts'
import { inSteps } from '../database/steps.ts'
import { estimateBytes } from '../library/recording-file.ts'
import { framesToSeconds } from '../novel/clip.ts'
import { Failure } from '../novel/failure.ts'
import type { ClipKey } from '../novel/recipe.ts'
import type { Recording, RecordingStatus } from '../novel/recording.ts'
import { ClipsChanged, type RecordChapter } from './record-chapter.ts'
import type { RecordingShelf } from './recording-shelf.ts'
import { Turns } from './turns.ts'

interface RecorderParts {
  readonly db: Database
  readonly log: Logger
  readonly record: RecordChapter
  /** Where what is whole is kept. */
  readonly shelf: RecordingShelf
  /** Size of a recording's file; `undefined` if there is none. */
  readonly sizeOf: (key: string) => Promise<number | undefined>
  /** A clip turned out to be damaged. */
  readonly loseClip: (key: ClipKey) => Promise<void>
  /** Chapters that may be recorded at the same time, now. */
  readonly places: () => number
  /** Why nothing may be begun, if anything. */
  readonly halted: () => boolean
  /** Whether so many bytes may still be written. */
  readonly hasRoom: (bytes: number) => Promise<boolean>
}

interface InHand {
  readonly recording: Recording
  readonly abort: AbortController
  framesDone: number
  readonly done: Promise<void>
}

/** How far a recording is. */
export interface RecordingState {
  readonly status: RecordingStatus
  /** 0–100. */
  readonly percent: number
}

const mostAttempts = 3
const restMs = 1000
/** On a full disk. */
const lookAgainMs = 5000
/** A failure is told for so long; asked after that, it is tried again. */
const failureRestsMs = 60_000
/** Every range of a file asks for it; to know which was asked for longest ago, this is fine enough. */
const touchEveryMs = 60_000

/**
 * Makes chapters into files that players want, while the speakers have nothing to do, or else beside them, in processes
 * that stand back for all others. Every wish is written down before it is answered, so that a killed server goes on
 * with it. Close it with `stop`.
 */
export class Recorder {
  readonly #parts: RecorderParts
  readonly #turns = new Turns()
  readonly #inHand = new Map<string, InHand>()
  readonly #lately: { readonly seconds: number; readonly ms: number }[] = []
  #timer: NodeJS.Timeout | undefined
  /** The disk has less room than the next one needs. */
  #low = false
  /** One found no room, though the disk seemed to have some, and none was written since. */
  #writesFail = false
  #stopped = false

  constructor(parts: RecorderParts) {
    this.#parts = parts
  }

  /** Whether it waits for room on the disk. */
  get waitsForRoom(): boolean {
    return this.#low || this.#writesFail
  }

  /** Durable when it returns; asking twice is asking once. Returns them as they are, in the order of `wanted`. */
  async request(wanted: readonly Recording[]): Promise<Recording[]> {
    const { db, sizeOf } = this.#parts
    const found = await this.#turns.take(async () => {
      const known = await this.#known(wanted)
      const now = Date.now()
      const again = wanted.filter((each) => {
        const there = known.get(each.key)
        return there?.status === 'failed' && now - there.askedAt > failureRestsMs
      })
      for (const there of known.values()) {
        if (there.status === 'completed' && (await sizeOf(there.key)) !== there.bytes) again.push(there)
      }
      for (const { key } of again) await updateRecording(db, key, { status: 'pending' })
      // Asked for at the same moment, they are made in reading order.
      const fresh = wanted.filter(({ key }) => !known.has(key)).map((each) => ({ ...each, askedAt: now }))
      if (fresh.length > 0) await this.#insert(fresh)
      const touched = [...known.values()].filter(
        ({ status, askedAt }) => status === 'completed' && now - askedAt > touchEveryMs,
      )
      const keys = [...touched, ...again].map(({ key }) => key)
      await touchRecordings(db, keys, now)
      return fresh.length + again.length > 0 ? this.#known(wanted) : known
    })
    this.work()
    return wanted.map((each) => found.get(each.key) ?? each)
  }

  /** Throws `novel.unknown` if it was deleted since its chapters were looked up. */
  async #insert(recordings: readonly Recording[]): Promise<void> {
    const { db } = this.#parts
    const novelId = recordings[0]?.novelId ?? ''
    if (!(await novelById(db, novelId))) throw new Failure('novel.unknown', { novelId })
    await insertRecordings(db, recordings)
  }

  async #known(wanted: readonly Recording[]): Promise<Map<string, Recording>> {
    const rows = await recordingsByKey(
      this.#parts.db,
      wanted.map(({ key }) => key),
    )
    return new Map(rows.map((row) => [row.key, row]))
  }

  stateOf({ key, status, frames }: Recording): RecordingState {
    if (status === 'completed') return { status, percent: 100 }
    const hand = this.#inHand.get(key)
    if (!hand) return { status, percent: 0 }
    return { status: 'running', percent: frames > 0 ? (100 * hand.framesDone) / frames : 0 }
  }

  /** Seconds of sound per second that a process was at it, over the last ones; `undefined` if there were none. */
  realTimeFactor(): number | undefined {
    const ms = this.#lately.reduce((sum, each) => sum + each.ms, 0)
    return ms > 0 ? (this.#lately.reduce((sum, each) => sum + each.seconds, 0) * 1000) / ms : undefined
  }

  async figures(): Promise<{ bytes: number; waiting: number }> {
    const { db } = this.#parts
    return { bytes: await recordedBytes(db), waiting: await waitingRecordings(db) }
  }

  /** Hides a novel by `hide`, and removes what was recorded of it; what is being read goes when it has been. */
  async forget(novelId: string, hide: () => Promise<void>): Promise<void> {
    const { db, shelf } = this.#parts
    const keys = await this.#turns.take(async () => {
      const recorded = await recordingsOfNovel(db, novelId)
      await hide()
      await inSteps((rows) => deleteSomeRecordings(db, novelId, rows))
      return recorded
    })
    const hands = [...this.#inHand.values()].filter(({ recording }) => recording.novelId === novelId)
    for (const { abort } of hands) abort.abort()
    await Promise.all(hands.map(({ done }) => done))
    for (const key of keys) await shelf.discard(key)
  }

  /** Begins what waits, as much as there is place for. */
  work(): void {
    this.#take(() => this.#fill())
  }

  /** What is under way is left, and made from its beginning at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    for (const { abort } of this.#inHand.values()) abort.abort()
    await this.#turns.take(() => Promise.resolve())
    await Promise.all([...this.#inHand.values()].map(({ done }) => done))
  }

  #take(work: () => Promise<void>): void {
    this.#turns.take(work).catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'the recordings could not be gone on with')
      this.#wake(lookAgainMs)
    })
  }

  async #fill(): Promise<void> {
    const { db, shelf, places, halted, hasRoom } = this.#parts
    clearTimeout(this.#timer)
    // While writes fail, one is tried: it shows whether there is room again.
    while (!this.#stopped && !halted() && this.#inHand.size < (this.#writesFail ? 1 : places())) {
      const next = await nextRecording(db, [...this.#inHand.keys()])
      if (!next) {
        this.#low = false
        if (this.#inHand.size === 0) this.#writesFail = false
        return
      }
      const bytes = estimateBytes(next.form, next.frames)
      await shelf.makeRoom(bytes)
      this.#low = !(await hasRoom(bytes))
      if (this.#low) return this.#wake(lookAgainMs)
      if (!this.#stopped) this.#begin(next)
    }
  }

  #wake(ms: number): void {
    clearTimeout(this.#timer)
    if (!this.#stopped) this.#timer = setTimeout(() => this.work(), ms)
  }

  #begin(recording: Recording): void {
    const { key } = recording
    const done = Promise.withResolvers<void>()
    const hand: InHand = { recording, abort: new AbortController(), framesDone: 0, done: done.promise }
    this.#inHand.set(key, hand)
    this.#make(hand)
      .catch((error: unknown) => {
        this.#parts.log.error({ err: error, key }, 'a recording could not be dealt with')
        return wait(restMs)
      })
      .finally(() => {
        this.#inHand.delete(key)
        done.resolve()
        if (this.waitsForRoom) this.#wake(lookAgainMs)
        else if (!this.#stopped) this.work()
      })
  }

  async #make(hand: InHand): Promise<void> {
    const { db, log, shelf, record, loseClip } = this.#parts
    const { recording, abort } = hand
    const { key, form, frames } = recording
    const { signal } = abort
    for (let attempt = 1; ; attempt++) {
      const begun = performance.now()
      try {
        const onFrames = (done: number): void => void (hand.framesDone = done)
        const written = await record(recording, { onFrames, signal })
        if (!(await updateRecording(db, key, { status: 'completed', ...written }))) await shelf.discard(key)
        this.#writesFail = false
        this.#note(framesToSeconds(frames), performance.now() - begun)
        log.debug({ key, form, bytes: written.bytes }, 'a chapter was recorded')
        return await shelf.makeRoom(0, key)
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof ClipsChanged) {
          await deleteRecording(db, key)
          if (error.damaged) await loseClip(error.damaged)
          return
        }
        if (isFull(error)) {
          log.warn({ err: error, key }, 'there is no room for a recording, which waits for it')
          this.#writesFail = true
          return
        }
        log.warn({ err: error, key, attempt }, 'a chapter could not be recorded')
        if (attempt === mostAttempts) {
          const errorMessage = error instanceof Error ? error.message : String(error)
          await updateRecording(db, key, { status: 'failed', errorMessage })
          await touchRecordings(db, [key], Date.now())
          return
        }
        await wait(restMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  #note(seconds: number, ms: number): void {
    this.#lately.push({ seconds, ms })
    if (this.#lately.length > 10) this.#lately.shift()
  }
}
