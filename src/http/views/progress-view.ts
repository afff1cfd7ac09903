import { say } from '../../novel/saying.ts'
import { viewSaid } from './said-view.ts'
import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import {
  type ChapterProgress,
  type DetailedProgress,
  detailedProgressOf,
  type GenerationProgress,
  progressOf,
  type ProgressParts,
  renditionCounts,
} from '../../jobs/generations/generation-progress.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import type { Generation } from '../../novel/generation.ts'
import { type ChapterRow, chaptersByGeneration } from '../../storage/queries/chapter-queries.ts'
import { segmentsSetAside } from '../../storage/queries/clip-failure-queries.ts'
import { finishedGenerations, generationById } from '../../storage/queries/generation-queries.ts'
import { type Eyes, keepers, sees } from '../../storage/queries/kept-novel-queries.ts'
import { novelById } from '../../storage/queries/novel-queries.ts'
import { progress, type ProgressBrief, progressChapter, type Queue } from '../contract/generation-contract.ts'
import { responseSerializer } from '../protocol/response-serializer.ts'

/** What progress is shown from: with the reasons why work waits. */
export type ProgressViewParts = ProgressParts & Pick<Application, 'diskSpace' | 'problems'>

/** A batch is serialized again when one of its chapters changes: a compromise between that cost and the comparisons. */
const chaptersPerBatch = 32

const serializeChapters = responseSerializer(z.array(progressChapter))
const serializeSummary = responseSerializer(
  z.object({ success: z.literal(true), progress: progress.omit({ chapters: true }) }),
)

interface SerializedChapters {
  readonly chapterProgress: readonly ChapterProgress[]
  /** JSON in UTF-8: one buffer per batch of chapters, without brackets. */
  readonly batches: readonly Buffer[]
}

/**
 * Serializes the progress of a generation. Of two thousand chapters only a few change between two requests, so the bytes
 * of unchanged batches are cached; serializing all would take longer than the rest of the request.
 */
export class ProgressSerializer {
  /** Keyed by the generation's chapter list, and collected with it. */
  readonly #cache = new WeakMap<readonly ChapterRow[], SerializedChapters>()

  /** Returns JSON in UTF-8. `summary`: all fields except the chapters. Throws an `Error` if a field is invalid. */
  serialize(
    summary: Omit<z.infer<typeof progress>, 'chapters'>,
    { chapters, chapterProgress }: Pick<DetailedProgress, 'chapters' | 'chapterProgress'>,
  ): Buffer {
    const previous = this.#cache.get(chapters)
    const batches: Buffer[] = []
    for (let from = 0; from < chapters.length; from += chaptersPerBatch) {
      const to = Math.min(chapters.length, from + chaptersPerBatch)
      const cached = previous?.batches[from / chaptersPerBatch]
      const unchanged = cached && isUnchanged(previous.chapterProgress, chapterProgress, from, to)
      batches.push(unchanged ? cached : serializeBatch(chapters, chapterProgress, from, to))
    }
    this.#cache.set(chapters, { chapterProgress, batches })
    const text = serializeSummary({ success: true, progress: summary })
    return Buffer.concat([
      Buffer.from(`${text.slice(0, -2)},"chapters":[`),
      ...batches.flatMap((batch, at) => (at === 0 ? [batch] : [comma, batch])),
      Buffer.from(']}}'),
    ])
  }
}

const comma = Buffer.from(',')

function isUnchanged(
  before: readonly ChapterProgress[],
  after: readonly ChapterProgress[],
  from: number,
  to: number,
): boolean {
  for (let at = from; at < to; at++) {
    if (before[at]?.done !== after[at]?.done || before[at]?.status !== after[at]?.status) return false
  }
  return true
}

function serializeBatch(
  chapters: readonly ChapterRow[],
  chapterProgress: readonly ChapterProgress[],
  from: number,
  to: number,
): Buffer {
  const answers = chapters.slice(from, to).map(({ number, title, segmentCount }, at) => ({
    chapterNumber: number,
    title,
    status: chapterProgress[from + at]?.status,
    segmentsTotal: segmentCount,
    segmentsDone: chapterProgress[from + at]?.done,
  }))
  return Buffer.from(serializeChapters(answers).slice(1, -1))
}

const maxFailedSegments = 100

/** The response of the progress route, as JSON in UTF-8. Throws `generation.unknown`. */
export async function serializedProgress(
  application: ProgressViewParts & Pick<Application, 'dispatcher'>,
  serializer: ProgressSerializer,
  progressId: string,
): Promise<Buffer> {
  const generation = await generationById(application.db, progressId)
  if (!generation) throw new Failure('generation.unknown', { progressId })
  const detailed = await detailedProgressOf(application, generation)
  const { setAside } = detailed.counts
  const failed =
    setAside === 0
      ? []
      : await segmentsSetAside(application.db, progressId, generation.casting, maxFailedSegments)
  const summary = {
    ...(await progressBriefOf(application, detailed)),
    failedSegments: failed.map(({ chapterNumber, index, text, attempts, reason }) => ({
      chapterNumber,
      index,
      text,
      attempts,
      reason,
      ...viewSaid('reasonSaid', reason),
    })),
  }
  return serializer.serialize(summary, detailed)
}

/** `undefined` if the generation was deleted with its novel. */
export async function viewProgressBrief(
  application: ProgressViewParts,
  progressId: string,
): Promise<ProgressBrief | undefined> {
  const generation = await generationById(application.db, progressId)
  return generation && progressBriefOf(application, await progressOf(application, generation))
}

async function progressBriefOf(
  application: ProgressViewParts,
  { generation, status, counts, etaSeconds, realTimeFactor }: GenerationProgress,
): Promise<ProgressBrief> {
  const { id, novelId, voice, speed, priority, createdAt, startedAt, completedAt } = generation
  const novel = await novelById(application.db, novelId)
  const waiting = isWaiting(status) ? waitingReason(application, generation) : null
  const { setAside, total } = counts
  const errorMessage = setAside === 0 ? null : say('generation.set-aside', { setAside, total })
  return {
    id,
    novelId,
    novelTitle: novel?.title ?? '',
    voice,
    speed,
    priority,
    status,
    segmentsTotal: counts.total,
    segmentsDone: counts.done,
    // Rounded down, so that 100 means complete.
    percent: counts.total === 0 ? 0 : Math.floor((counts.done / counts.total) * 1000) / 10,
    secondsDone: framesToSeconds(counts.frames),
    etaSeconds: etaSeconds === undefined ? null : Math.ceil(etaSeconds),
    realTimeFactor: realTimeFactor === undefined ? null : Math.round(realTimeFactor * 10) / 10,
    ahead: await aheadOf(application, generation),
    waiting,
    ...viewSaid('waitingSaid', waiting),
    createdAt,
    startedAt: startedAt ?? null,
    completedAt: completedAt ?? null,
    errorMessage,
    ...viewSaid('errorSaid', errorMessage),
  }
}

async function aheadOf(
  { db, activeGenerations, counts }: Pick<Application, 'activeGenerations' | 'counts' | 'db'>,
  { id, ahead, casting }: Generation,
): Promise<ProgressBrief['ahead']> {
  if (ahead === undefined) return null
  const chapters = activeGenerations.byId(id)?.chapters ?? (await chaptersByGeneration(db, id))
  const renditions = await renditionCounts(counts, casting, chapters)
  const ready = renditions.filter(({ done, total }) => done === total).length
  return { chapters: ahead, planned: chapters.length, ready }
}

/** Why no segment of a generation, or of one of its voices, is being spoken; `null` if there is no obstacle. */
function waitingReason(
  {
    diskSpace,
    problems,
    backends,
    activeGenerations,
  }: Pick<Application, 'activeGenerations' | 'backends' | 'diskSpace' | 'problems'>,
  { id, voice }: Generation,
): string | null {
  const { message } = problems.blocking ?? diskSpace.trouble ?? {}
  if (message !== undefined) return message
  for (const each of activeGenerations.byId(id)?.voices ?? [voice]) {
    const reason = backends.of(each).message(Date.now(), each)
    if (reason !== undefined) return reason
  }
  return null
}

function isWaiting(status: ProgressBrief['status']): boolean {
  return status === 'running' || status === 'pending'
}

/** Of novels that these eyes see. */
export async function viewQueue(
  application: ProgressViewParts & Pick<Application, 'pool'>,
  { limit, offset }: { limit: number; offset: number },
  eyes: Eyes,
): Promise<Queue> {
  const running = []
  const waiting = []
  const kept = await keepers(application.db)
  const isSeen = ({ novelId }: Generation): boolean => sees(eyes, kept.get(novelId))
  const active = application.activeGenerations.all().filter(({ generation }) => isSeen(generation))
  const shown = active.slice(offset, offset + limit)
  for (const { generation } of shown) {
    const view = await progressBriefOf(application, await progressOf(application, generation))
    if (view.status === 'running') running.push(view)
    else waiting.push(view)
  }
  const finished = []
  for (const generation of await finishedGenerations(application.db, limit, offset)) {
    if (isSeen(generation))
      finished.push(await progressBriefOf(application, await progressOf(application, generation)))
  }
  const waitingReason = globalWaitingReason(application) ?? firstReason(running, waiting)
  return {
    success: true,
    running,
    waiting,
    order: shown.map(({ generation }) => generation.id),
    finished,
    speakers: application.pool.alive + application.servers.speakersElsewhere,
    waitingReason,
    ...viewSaid('waitingReasonSaid', waitingReason),
  }
}

/** Why no segment of any voice is being spoken. */
function globalWaitingReason({
  diskSpace,
  problems,
}: Pick<Application, 'diskSpace' | 'problems'>): string | undefined {
  return (problems.blocking ?? diskSpace.trouble)?.message
}

function firstReason(...lists: readonly (readonly ProgressBrief[])[]): string | null {
  return lists.flat().find(({ waiting }) => waiting !== null)?.waiting ?? null
}
