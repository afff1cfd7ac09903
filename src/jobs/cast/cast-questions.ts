import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { countSpeakers, foundSpeakers, type NameCounts, proposeCast } from '../../cast/cast-proposal.ts'
import { type LineQuestion, lineQuestions, readAnswers } from '../../cast/line-questions.ts'
import { noEvidence } from '../../cast/name-evidence.ts'
import type { Line } from '../../novel/cast.ts'
import type { ChatModel } from '../../novel/chat-model.ts'
import { hashOf } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import type { Database } from '../../storage/database-tables.ts'
import {
  answersOf,
  countRequest,
  questionCosts,
  questionRunOf,
  saveAnswers,
  updateQuestionRun,
  wantedQuestions,
  wantQuestions,
} from '../../storage/queries/cast-question-queries.ts'
import { addVersion, castOf } from '../../storage/queries/cast-queries.ts'
import { linesOf, saveChapterLines } from '../../storage/queries/chapter-line-queries.ts'
import { chaptersOf, chapterText } from '../../storage/queries/chapter-queries.ts'
import { lockNovel } from '../../storage/queries/novel-queries.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import type { EventBus } from '../event-bus.ts'
import type { JobQueue, JobWorker } from '../job-queue.ts'
import { speakersOf } from './chapter-speakers.ts'
import { askModel, ChatError } from './chat-client.ts'
import {
  changeChatSettings,
  type ChatChanges,
  chatModelOf,
  type ChatSettings,
  chatSettings,
  tryChatModel,
} from './chat-settings.ts'
import { requireNovel } from '../require-novel.ts'

interface CastQuestionParts {
  readonly db: Database
  readonly jobs: JobQueue
  readonly eventBus: EventBus
  readonly log: Logger
}

/** How long answers and pauses may take, in milliseconds. */
export interface ChatPatience {
  readonly timeoutMs: number
  /** Before the second attempt; twice as long before each further one. */
  readonly backoffMs: number
}

const patience: ChatPatience = { timeoutMs: 120_000, backoffMs: 2000 }
const longestPauseMs = 120_000
const maxAttempts = 5
/** After an error of the database. */
const retryDelayMs = 5000

/** Increased whenever another question would be asked about the same lines. */
const questionVersion = 1
const system = `You find out who speaks in a novel. The passage has quotes marked with numbers in brackets, like [1], which are yours to answer; who speaks some of the others stands in braces. Answer with one JSON object and nothing else: for each number the name of who speaks, as the passage or the list of characters writes it, or "?" where it is not certain. Do not repeat any text of the passage.`

/** Letters of most languages in one token, at least. */
const charactersPerToken = 3

class SpentError extends Error {}

/**
 * Asks a language model about the lines of novels whose speaker the text leaves open: one novel at a time on each server, a
 * question at a time. Answers are stored by question, and requests counted before they are sent, so that a killed server
 * goes on where it was. Close it with `stop`.
 */
export class CastQuestions {
  readonly #parts: CastQuestionParts
  readonly #patience: ChatPatience
  /** Of the environment, as long as nobody has set another one. */
  readonly #environment: ChatModel | undefined
  #worker: JobWorker | undefined
  #stopped = false

  constructor(parts: CastQuestionParts, model: ChatModel | undefined, given: ChatPatience = patience) {
    this.#parts = parts
    this.#environment = model
    this.#patience = given
  }

  /** The model that may be asked now; `undefined`: none. */
  model(): Promise<ChatModel | undefined> {
    return chatModelOf(this.#parts.db, this.#environment)
  }

  settings(): Promise<ChatSettings> {
    return chatSettings(this.#parts.db, this.#environment)
  }

  /** Throws `request.senseless`. */
  change(changes: ChatChanges): Promise<ChatSettings> {
    return changeChatSettings(this.#parts.db, this.#environment, changes)
  }

  /** Throws `request.senseless`, `chat.silent`. */
  tryModel(signal: AbortSignal): ReturnType<typeof tryChatModel> {
    return tryChatModel(this.#parts.db, this.#environment, signal)
  }

  /** Requests that the open lines of a novel be asked about; durable when it returns. Throws `novel.unknown`, `cast.none`, `request.senseless`. */
  async request(novelId: string): Promise<void> {
    const { db } = this.#parts
    await requireNovel({ db }, novelId)
    if (!(await this.model()))
      throw new Failure('request.senseless', {
        detail: 'no language model is set up; an admin names one in the settings',
      })
    if ((await castOf(db, novelId)).state.version === 0) throw new Failure('cast.none')
    await db.transaction().execute(async (commit) => {
      if (!(await lockNovel(commit, novelId))) throw new Failure('novel.unknown', { novelId })
      await wantQuestions(commit, novelId)
      await this.#send(novelId, commit)
    })
    this.#start()
  }

  /** Ends the questions about a novel behind the one under way; its answers are kept. */
  async end(novelId: string): Promise<void> {
    await updateQuestionRun(this.#parts.db, novelId, { state: 'stopped' })
  }

  /** Takes up the questions that are not asked. */
  work(): void {
    this.#start()
    this.#takeUp().catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'unfinished questions could not be taken up')
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#worker?.[Symbol.asyncDispose]()
  }

  async #takeUp(): Promise<void> {
    for (const novelId of await wantedQuestions(this.#parts.db)) await this.#send(novelId, this.#parts.db)
  }

  async #send(novelId: string, db: Database): Promise<void> {
    await this.#parts.jobs.send('ask-cast', { novelId }, { singletonKey: novelId, transaction: db })
  }

  #start(): void {
    if (this.#stopped) return
    this.#worker ??= this.#parts.jobs.work(
      'ask-cast',
      { concurrency: () => 1, retries: Infinity, backoffMs: () => retryDelayMs },
      ({ novelId }, { signal }) => this.#ask(novelId, signal),
    )
  }

  async #ask(novelId: string, signal: AbortSignal): Promise<void> {
    const { db, eventBus, log } = this.#parts
    if ((await questionRunOf(db, novelId))?.state !== 'wanted') return
    const model = await this.model()
    // It was switched off meanwhile.
    if (!model) {
      await updateQuestionRun(db, novelId, { state: 'stopped' })
      return
    }
    try {
      await this.#askAll(novelId, model, signal)
      await this.#addCharacters(novelId)
      await updateQuestionRun(db, novelId, { state: 'done' })
    } catch (error) {
      signal.throwIfAborted()
      const spent = error instanceof SpentError
      if (!spent && !(error instanceof ChatError)) throw error
      log.warn({ novel: novelId, reason: error.message }, 'a language model could not be asked who speaks')
      // What was answered before it ended is shown as well.
      await this.#addCharacters(novelId)
      await updateQuestionRun(db, novelId, { state: spent ? 'spent' : 'failed', message: error.message })
    } finally {
      eventBus.publish({ kind: 'novel', id: novelId })
    }
  }

  async #askAll(novelId: string, model: ChatModel, signal: AbortSignal): Promise<void> {
    const { db } = this.#parts
    const { cast } = await castOf(db, novelId)
    const known = cast.characters.flatMap(({ name, names }) => [name, ...names])
    const listed = cast.characters.slice(0, 60).map(({ name }) => name)
    const chapters: { id: number; questions: number }[] = []
    for (const { id } of await chaptersOf(db, novelId)) {
      const { questions } = await this.#questionsOf(id)
      if (questions.length > 0) chapters.push({ id, questions: questions.length })
      await yieldToEventLoop()
    }
    const total = chapters.reduce((sum, { questions }) => sum + questions, 0)
    if (!(await updateQuestionRun(db, novelId, { asked: 0, total }))) return
    let asked = 0
    for (const { id } of chapters) {
      const { questions, lines, blocks } = await this.#questionsOf(id)
      const answered = [...lines]
      for (const question of questions) {
        signal.throwIfAborted()
        const answers = await this.#answersTo(novelId, model, { question, listed, known }, signal)
        for (const [number, speaker] of Object.entries(answers)) {
          const at = question.lines[Number(number) - 1]!
          answered[at] = { ...lines[at]!, speaker, basis: 'model' }
        }
        if (!(await updateQuestionRun(db, novelId, { asked: ++asked }))) break
      }
      if (answered.some((line, at) => line !== lines[at]))
        await saveChapterLines(db, [
          {
            chapterId: id,
            lines: JSON.stringify(answered),
            speakers: JSON.stringify(speakersOf(blocks, answered)),
          },
        ])
      if ((await questionRunOf(db, novelId))?.state !== 'wanted') return
    }
  }

  async #questionsOf(chapterId: number) {
    const { db } = this.#parts
    const lines = (await linesOf(db, chapterId)) ?? []
    if (lines.length === 0) return { questions: [], lines, blocks: [] }
    const { blocks } = await chapterText(db, chapterId)
    return { questions: lineQuestions(blocks, lines), lines, blocks }
  }

  async #answersTo(
    novelId: string,
    model: ChatModel,
    {
      question,
      listed,
      known,
    }: {
      readonly question: LineQuestion
      readonly listed: readonly string[]
      readonly known: readonly string[]
    },
    signal: AbortSignal,
  ): Promise<Readonly<Record<number, string>>> {
    const { db } = this.#parts
    const user = `Characters: ${listed.join(', ')}\n\n${question.passage}`
    // The list of characters is left out: another name of one is no other question.
    const key = hashOf(['cast-question', questionVersion, model.model, question.passage]).slice(0, 32)
    const stored = await answersOf(db, novelId, key)
    if (stored) return stored
    const least = Math.ceil((system.length + user.length) / charactersPerToken)
    for (let attempt = 1; ; attempt++) {
      const { requests, tokens } = await questionCosts(db, novelId)
      if (requests >= model.maxRequests)
        throw new SpentError(`the ${model.maxRequests} requests that a book may cost are made`)
      if (tokens + least > model.maxTokens)
        throw new SpentError(`the ${model.maxTokens} tokens that a book may cost are used`)
      await countRequest(db, novelId, key, least)
      try {
        const options = { signal, timeoutMs: this.#patience.timeoutMs }
        const { content, tokens: told = 0 } = await askModel(model, { system, user }, options)
        const answers = readAnswers(content, question, known)
        await saveAnswers(db, novelId, key, { answers, moreTokens: Math.max(0, told - least) })
        return answers
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof ChatError) || !error.retryable || attempt >= maxAttempts) throw error
        const pause = Math.max(this.#patience.backoffMs * 2 ** (attempt - 1), error.retryAfterMs ?? 0)
        await wait(Math.min(pause, longestPauseMs), undefined, { signal })
        if ((await questionRunOf(db, novelId))?.state !== 'wanted') return {}
      }
    }
  }

  /** A version of the cast with those whom the answers name: what the book is spoken by is another one now. */
  async #addCharacters(novelId: string): Promise<void> {
    const { db } = this.#parts
    const counts: NameCounts = new Map()
    let proposals = false
    for (const { id } of await chaptersOf(db, novelId)) {
      const lines: readonly Line[] = (await linesOf(db, id)) ?? []
      countSpeakers(lines, counts)
      proposals ||= lines.some(({ basis }) => basis === 'model')
      await yieldToEventLoop()
    }
    if (!proposals) return
    await db.transaction().execute(async (commit) => {
      if (!(await lockNovel(commit, novelId))) return
      const { cast, state } = await castOf(commit, novelId)
      await addVersion(commit, novelId, state, proposeCast(cast, foundSpeakers(counts, noEvidence())))
    })
  }
}
