import type { Database } from '../storage/database-tables.ts'

/** A run of missing segments of one chapter: a hint where to look, never the truth. */
export interface SpeakRun {
  /** Id of the casting. */
  readonly casting: string
  readonly chapterId: number
  /** Indexes of segments, `[from, to)`. */
  readonly from: number
  readonly to: number
  /** That it was sent with: another one than its generations have now is outdated. */
  readonly priority?: number
}

/** What a job of each name carries: where to look. What is to be done is read from rows, so a job may be run twice. */
export interface Jobs {
  /** Cuts what a generation lacks into runs. */
  plan: { readonly generationId: string }
  /** For the speech workers of any server or machine. */
  'speak-run': SpeakRun
  /** For the servers that have this speech server. */
  [lane: `speak-run/${string}`]: SpeakRun
  /** Joins the clips of a finished chapter into one object. */
  pack: { readonly casting: string; readonly chapterId: number }
  'install-voice': { readonly installId: string }
  transcode: { readonly key: string }
  /** The rows of hidden novels, and the clips that nothing refers to. */
  'delete-novels': { readonly requestedAt: string }
  /** Finds who speaks in a novel. */
  'analyse-cast': { readonly novelId: string }
  /** Asks a language model who speaks the lines of a novel that its text leaves open. */
  'ask-cast': { readonly novelId: string }
  /** Has a novel said as the lexicon has it. */
  'apply-lexicon': { readonly novelId: string }
  /** Fetches a book of an OPDS catalogue and imports it. */
  'fetch-book': { readonly fetchId: string }
}

export type JobName = keyof Jobs

export interface SendOptions {
  /**
   * While a job of the same name and key waits, nothing is sent. While one runs, the next waits until it has ended: two
   * of one key never run at the same time, on whichever server.
   */
  readonly singletonKey?: string
  /** −2³¹ to 2³¹−1, higher ones first; 0 if left out. */
  readonly priority?: number
  /** Milliseconds from now before which it is not taken. */
  readonly delayMs?: number
}

export interface JobToSend<Name extends JobName> extends SendOptions {
  readonly data: Jobs[Name]
}

export interface Transactional {
  /** Sent if and when this transaction commits. */
  readonly transaction?: Database
}

/** A job that this process holds, until it is completed or has failed. The queue renews it meanwhile. */
export interface HeldJob<Data> {
  readonly data: Data
  /** 1 for the first, counting those that ended with their process. */
  readonly attempt: number
  /** Aborted when the job is cancelled, lost to another server, or not done when the queue is stopped. */
  readonly signal: AbortSignal
  /** Does nothing if the job was lost or cancelled. */
  complete(): Promise<void>
  /** It is tried again after `retryAfterMs`; left out: it is given up, which is logged. */
  fail(reason: string, retryAfterMs?: number): Promise<void>
  /** Gives it back as if it had not been tried. */
  release(): Promise<void>
}

export interface WorkOptions {
  /** Asked before each job is taken. */
  readonly concurrency: () => number
  /** Attempts after the first. */
  readonly retries: number
  /** Before the attempt after number `attempt`. */
  readonly backoffMs: (attempt: number) => number
  /**
   * Milliseconds after jobs were taken in which those that come are left to be taken together, unless more may be
   * waiting already; left out: none. One that comes alone is taken at once.
   */
  readonly gatherMs?: number
}

/** Work on the jobs of one name. Disposed of, it takes no more, aborts those under way and waits for them. */
export interface JobWorker extends AsyncDisposable {
  /** Looks for jobs now: `concurrency` may have changed. */
  wake(): void
}

export interface QueueCounts {
  /** Including those that are not due yet. */
  readonly waiting: number
  readonly active: number
  /** Age of the oldest one that waits; 0 if there is none. */
  readonly oldestSeconds: number
}

/**
 * Background work, at least once: a job whose process dies is taken by another. Rows say what is to be done, so a queue
 * may forget everything at a restart if whoever reads those rows at the start sends the jobs again. All methods that ask
 * a database throw its errors.
 */
export interface JobQueue {
  send<Name extends JobName>(
    name: Name,
    data: Jobs[Name],
    options?: SendOptions & Transactional,
  ): Promise<void>
  /** Of equal priority, they are taken in this order. */
  sendAll<Name extends JobName>(
    name: Name,
    jobs: readonly JobToSend<Name>[],
    options?: Transactional,
  ): Promise<void>
  /** Takes up to `limit` jobs that are due, the most urgent first, then the oldest. */
  take<Name extends JobName>(name: Name, limit: number): Promise<readonly HeldJob<Jobs[Name]>[]>
  /** Runs the handler for jobs of the name as they come; what it throws is why the attempt failed. */
  work<Name extends JobName>(
    name: Name,
    options: WorkOptions,
    handler: (data: Jobs[Name], job: HeldJob<Jobs[Name]>) => Promise<void>,
  ): JobWorker
  /** Calls the listener when jobs of the name may have become due, also without reason. */
  onAvailable(name: JobName, listener: () => void): Disposable
  /** Calls the listener when what was sent is lost, because its tables were damaged: what rows say is to be sent again. */
  onForgotten(listener: () => void): Disposable
  /**
   * Forgets the jobs of this key that wait and aborts those under way. When it resolves, those of this process have
   * ended; those of others end within seconds.
   */
  cancel(name: JobName, singletonKey: string): Promise<void>
  counts(): Promise<ReadonlyMap<JobName, QueueCounts>>
  /**
   * Gives back at once what any process holds, before this one has taken anything: for a server that knows that no other
   * lives. Returns how many jobs there were.
   */
  giveBackAll(): Promise<number>
  /**
   * Takes nothing more. Waits `drainMs` for what this process holds, then aborts it and gives it to other servers, as if
   * it had not been tried.
   */
  stop(drainMs: number): Promise<void>
}
