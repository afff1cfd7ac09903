import { segmentsSetAside } from '../database/failures.ts'
import { generationById } from '../database/generations.ts'
import { novelById } from '../database/novels.ts'
import { detailedProgressOf, type GenerationProgress, progressOf } from '../generation/progress.ts'
import type { Application } from '../generation/studio.ts'
import { framesToSeconds } from '../novel/clip.ts'
import { Failure } from '../novel/failure.ts'
import type { ProgressBrief } from './contract.ts'
import type { ProgressSerializer } from './progress-writer.ts'

const maxFailedSegments = 100

/** The answer to how far a generation is, as JSON in UTF-8. Throws `generation.unknown`. */
export async function serializedProgress(
  studio: Application,
  writer: ProgressSerializer,
  progressId: string,
): Promise<Buffer> {
  const generation = await generationById(studio.db, progressId)
  if (!generation) throw new Failure('generation.unknown', { progressId })
  const detailed = await detailedProgressOf(studio, generation)
  const { setAside } = detailed.counts
  const failed =
    setAside === 0 ? [] : await segmentsSetAside(studio.db, progressId, generation.recipe, maxFailedSegments)
  const around = {
    ...(await progressBriefOf(studio, detailed)),
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
export async function viewProgressBrief(studio: Application, progressId: string): Promise<ProgressBrief | undefined> {
  const generation = await generationById(studio.db, progressId)
  return generation && progressBriefOf(studio, await progressOf(studio, generation))
}

export async function progressBriefOf(
  studio: Application,
  { generation, status, counts, etaSeconds, realTimeFactor }: GenerationProgress,
): Promise<ProgressBrief> {
  const { id, novelId, voice, speed, priority, createdAt, startedAt, completedAt } = generation
  const novel = await novelById(studio.db, novelId)
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
    waiting: isWaiting(status) ? waitingReason(studio, voice) : null,
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
