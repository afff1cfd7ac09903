import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import {
  type ChapterProgress,
  type DetailedProgress,
  detailedProgressOf,
  type GenerationProgress,
  progressOf,
} from '../../jobs/generations/generation-progress.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'
import { segmentsSetAside } from '../../storage/queries/clip-failure-queries.ts'
import { finishedGenerations, generationById } from '../../storage/queries/generation-queries.ts'
import { novelById } from '../../storage/queries/novel-queries.ts'
import { progress, type ProgressBrief, progressChapter, type Queue } from '../contract/api-contract.ts'
import { responseSerializer } from '../protocol/response-serializer.ts'

/** What is written anew when one of them changes: small against a novel, large against what it takes to compare. */
const chaptersPerBatch = 32

const serializeChapters = responseSerializer(z.array(progressChapter))
const serializeSummary = responseSerializer(
  z.object({ success: z.literal(true), progress: progress.omit({ chapters: true }) }),
)

interface SerializedChapters {
  readonly each: readonly ChapterProgress[]
  /** JSON, UTF-8: the chapters of one stretch after another, without brackets. */
  readonly stretches: readonly Buffer[]
}

/**
 * Writes how far a generation is. Of two thousand chapters a few change from one question to the next: the others'
 * bytes are kept, or writing them would take the server longer than all the rest of the answer.
 */
export class ProgressSerializer {
  /** By the generation's own list of chapters, and gone with it. */
  readonly #written = new WeakMap<readonly ChapterRow[], SerializedChapters>()

  /** JSON, UTF-8. `around`: all but the chapters. */
  serialize(
    around: Omit<z.infer<typeof progress>, 'chapters'>,
    { chapters, chapterProgress }: Pick<DetailedProgress, 'chapters' | 'chapterProgress'>,
  ): Buffer {
    const before = this.#written.get(chapters)
    const stretches: Buffer[] = []
    for (let from = 0; from < chapters.length; from += chaptersPerBatch) {
      const to = Math.min(chapters.length, from + chaptersPerBatch)
      const kept = before?.stretches[from / chaptersPerBatch]
      const same = kept && isUnchanged(before.each, chapterProgress, from, to)
      stretches.push(same ? kept : serializeBatch(chapters, chapterProgress, from, to))
    }
    this.#written.set(chapters, { each: chapterProgress, stretches })
    const text = serializeSummary({ success: true, progress: around })
    return Buffer.concat([
      Buffer.from(`${text.slice(0, -2)},"chapters":[`),
      ...stretches.flatMap((stretch, at) => (at === 0 ? [stretch] : [comma, stretch])),
      Buffer.from(']}}'),
    ])
  }
}

const comma = Buffer.from(',')

function isUnchanged(
  before: readonly ChapterProgress[],
  now: readonly ChapterProgress[],
  from: number,
  to: number,
): boolean {
  for (let at = from; at < to; at++) {
    if (before[at]?.done !== now[at]?.done || before[at]?.status !== now[at]?.status) return false
  }
  return true
}

function serializeBatch(
  chapters: readonly ChapterRow[],
  each: readonly ChapterProgress[],
  from: number,
  to: number,
): Buffer {
  const answers = chapters.slice(from, to).map(({ number, title, segmentCount }, at) => ({
    chapterNumber: number,
    title,
    status: each[from + at]?.status,
    segmentsTotal: segmentCount,
    segmentsDone: each[from + at]?.done,
  }))
  return Buffer.from(serializeChapters(answers).slice(1, -1))
}

const maxFailedSegments = 100

/** The answer to how far a generation is, as JSON in UTF-8. Throws `generation.unknown`. */
export async function serializedProgress(
  application: Application,
  writer: ProgressSerializer,
  progressId: string,
): Promise<Buffer> {
  const generation = await generationById(application.db, progressId)
  if (!generation) throw new Failure('generation.unknown', { progressId })
  const detailed = await detailedProgressOf(application, generation)
  const { setAside } = detailed.counts
  const failed =
    setAside === 0
      ? []
      : await segmentsSetAside(application.db, progressId, generation.recipe, maxFailedSegments)
  const around = {
    ...(await progressBriefOf(application, detailed)),
    failedSegments: failed.map(({ chapterNumber, index, text, attempts, reason }) => ({
      chapterNumber,
      index,
      text,
      attempts,
      reason,
    })),
  }
  return writer.serialize(around, detailed)
}

/** `undefined` when the generation is gone, with its novel. */
export async function viewProgressBrief(
  application: Application,
  progressId: string,
): Promise<ProgressBrief | undefined> {
  const generation = await generationById(application.db, progressId)
  return generation && progressBriefOf(application, await progressOf(application, generation))
}

async function progressBriefOf(
  application: Application,
  { generation, status, counts, etaSeconds, realTimeFactor }: GenerationProgress,
): Promise<ProgressBrief> {
  const { id, novelId, voice, speed, priority, createdAt, startedAt, completedAt } = generation
  const novel = await novelById(application.db, novelId)
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
    // Rounded down, so that 100 is said only when all of it is there.
    percent: counts.total === 0 ? 0 : Math.floor((counts.done / counts.total) * 1000) / 10,
    secondsDone: framesToSeconds(counts.frames),
    etaSeconds: etaSeconds === undefined ? null : Math.ceil(etaSeconds),
    realTimeFactor: realTimeFactor === undefined ? null : Math.round(realTimeFactor * 10) / 10,
    waiting: isWaiting(status) ? waitingReason(application, voice) : null,
    createdAt,
    startedAt: startedAt ?? null,
    completedAt: completedAt ?? null,
    errorMessage:
      counts.setAside === 0
        ? null
        : `${counts.setAside} of ${counts.total} segments could not be spoken and are set aside. Retry speaks only these.`,
  }
}

/** Why nothing moves although there is work in this voice. */
function waitingReason({ diskSpace, problems, backends }: Application, voice: string): string | null {
  const { message } = problems.blocking ?? diskSpace.trouble ?? {}
  return message ?? backends.of(voice).message(Date.now(), voice) ?? null
}

function isWaiting(status: ProgressBrief['status']): boolean {
  return status === 'running' || status === 'pending'
}

export async function viewQueue(
  application: Application,
  { limit, offset }: { limit: number; offset: number },
): Promise<Queue> {
  const running = []
  const waiting = []
  for (const { generation } of [...application.activeGenerations.all()].slice(offset, offset + limit)) {
    const view = await progressBriefOf(application, await progressOf(application, generation))
    if (view.status === 'running') running.push(view)
    else waiting.push(view)
  }
  const finished = []
  for (const generation of await finishedGenerations(application.db, limit, offset)) {
    finished.push(await progressBriefOf(application, await progressOf(application, generation)))
  }
  return {
    success: true,
    running,
    waiting,
    finished,
    speakers: application.pool.alive,
    waitingReason: globalWaitingReason(application) ?? firstReason(running, waiting),
  }
}

/** Why nothing at all is spoken. */
function globalWaitingReason({ diskSpace, problems }: Application): string | undefined {
  return (problems.blocking ?? diskSpace.trouble)?.message
}

function firstReason(...lists: readonly (readonly ProgressBrief[])[]): string | null {
  return lists.flat().find(({ waiting }) => waiting !== null)?.waiting ?? null
}
