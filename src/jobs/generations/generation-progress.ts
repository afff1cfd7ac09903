import type { Casting } from '../../novel/casting.ts'
import { type Generation, type SegmentCounts, type Status, statusOf } from '../../novel/generation.ts'
import { type ChapterRow, chaptersByGeneration } from '../../storage/queries/chapter-queries.ts'
import type { ClipCounts } from '../../storage/queries/progress-queries.ts'
import type { Application } from '../application.ts'
import type { SpeechBackend } from '../backends/speech-backends.ts'
import type { ActiveGeneration } from '../scheduler/active-generations.ts'
import { type BackendRate, backendName, sumOfRates } from '../servers/server-directory.ts'
import { sumCounts, zeroCounts } from './clip-counts.ts'
import type { ProgressCounts } from './progress-counts.ts'

/** What progress is read from. */
export type ProgressParts = Pick<Application, 'activeGenerations' | 'backends' | 'counts' | 'db' | 'servers'>

/** Counts of a rendition: its segments, and the audio of those that are done. */
export interface RenditionCounts extends SegmentCounts, ClipCounts {}

/** A chapter of a generation. */
export interface ChapterProgress {
  readonly done: number
  readonly status: Status
}

/** Status and counts of a generation at this moment. */
export interface GenerationProgress {
  readonly generation: Generation
  readonly status: Status
  readonly counts: RenditionCounts
  /** `undefined` until the throughput is known, or when nothing runs. */
  readonly etaSeconds: number | undefined
  readonly realTimeFactor: number | undefined
}

/** The same with its chapters; `counts` is the sum over them. */
export interface DetailedProgress extends GenerationProgress {
  /** The same array each time, as long as the generation is active. */
  readonly chapters: readonly ChapterRow[]
  /** By chapter, in the order of `chapters`. */
  readonly chapterProgress: readonly ChapterProgress[]
}

export async function progressOf(application: ProgressParts, asked: Generation): Promise<GenerationProgress> {
  const { generation, chapters } = await activeOf(application, asked)
  return withSpeed(
    application,
    generation,
    await totalCounts(application.counts, generation.casting, chapters),
  )
}

/** The status alone, as the answer to a request needs it. `read`: the generation's chapters, if they were read already. */
export async function currentStatus(
  application: Pick<Application, 'activeGenerations' | 'counts' | 'db'>,
  asked: Generation,
  read?: readonly ChapterRow[],
): Promise<Status> {
  const { generation, chapters } = await activeOf(application, asked, read)
  return statusNow(generation, await totalCounts(application.counts, generation.casting, chapters))
}

export async function detailedProgressOf(
  application: ProgressParts & Pick<Application, 'dispatcher'>,
  asked: Generation,
): Promise<DetailedProgress> {
  const { generation, chapters } = await activeOf(application, asked)
  const { casting, desiredState } = generation
  const chapterCounts = await application.counts.of(
    casting,
    chapters.map(({ id }) => id),
  )
  let total = 0
  const each = chapters.map(({ id, segmentCount }, at) => {
    const { done, setAside } = chapterCounts[at] ?? zeroCounts
    total += segmentCount
    const started = done > 0 || application.dispatcher.isInFlight(casting, id)
    return { done, status: statusOf(desiredState, started, { total: segmentCount, done, setAside }) }
  })
  const counts = { ...sumCounts(chapterCounts), total }
  return { ...(await withSpeed(application, generation, counts)), chapters, chapterProgress: each }
}

async function activeOf(
  { db, activeGenerations }: Pick<Application, 'activeGenerations' | 'db'>,
  asked: Generation,
  read?: readonly ChapterRow[],
): Promise<Pick<ActiveGeneration, 'generation' | 'chapters'>> {
  const active = activeGenerations.byId(asked.id)
  if (!active) return { generation: asked, chapters: read ?? (await chaptersByGeneration(db, asked.id)) }
  return { ...active, generation: { ...active.generation, desiredState: asked.desiredState } }
}

function statusNow({ desiredState, startedAt }: Generation, counts: RenditionCounts): Status {
  return statusOf(desiredState, startedAt !== undefined, counts)
}

async function withSpeed(
  application: Omit<ProgressParts, 'db'>,
  generation: Generation,
  counts: RenditionCounts,
): Promise<GenerationProgress> {
  const status = statusNow(generation, counts)
  const speed = status === 'running' || status === 'pending' ? rateOf(application, generation) : undefined
  return {
    generation,
    status,
    counts,
    etaSeconds: speed && (await segmentsAhead(application, generation)) / speed.segmentsPerSecond,
    realTimeFactor: status === 'running' ? speed?.realTimeFactor : undefined,
  }
}

/** Of the backend of a generation's voice, on all servers together; `undefined`: not known yet, or it rests. */
function rateOf(
  { backends, servers }: Pick<Application, 'backends' | 'servers'>,
  { voice }: Generation,
): BackendRate | undefined {
  const rates = [backends.of(voice).throughput.rate(Date.now()), servers.rateElsewhere(backendName(voice))]
  const known = rates.filter((rate) => rate !== undefined)
  return known.length === 0 ? undefined : sumOfRates(known)
}

/** By the list of active generations: valid until a count changes. */
const segmentsAheadCache = new WeakMap<
  readonly ActiveGeneration[],
  { readonly changes: number; readonly until: ReadonlyMap<string, number> }
>()

/**
 * Segments to be spoken until a generation is done: its own and those that precede it on its backend. Computed for all
 * active generations at once, because the page asks for one after the other. An estimate: all of a generation's segments
 * are taken for its narrator's.
 */
async function segmentsAhead(
  { activeGenerations, counts, backends }: Pick<Application, 'activeGenerations' | 'backends' | 'counts'>,
  { id }: Generation,
): Promise<number> {
  const order = activeGenerations.all()
  const known = segmentsAheadCache.get(order)
  if (known?.changes === counts.changes) return known.until.get(id) ?? 0
  const { changes } = counts
  const [until, byBackend] = [new Map<string, number>(), new Map<SpeechBackend, number>()]
  for (const { generation, chapters, total } of order) {
    if (generation.desiredState !== 'run') continue
    const backend = backends.of(generation.voice)
    const { done, setAside } = await counts.sum(generation.casting, chapters)
    const segments = (byBackend.get(backend) ?? 0) + total - done - setAside
    byBackend.set(backend, segments)
    until.set(generation.id, segments)
  }
  segmentsAheadCache.set(order, { changes, until })
  return until.get(id) ?? 0
}

/** The counts of each of these chapters in a casting, in their order. */
export async function renditionCounts(
  counts: ProgressCounts,
  casting: Casting,
  chapters: readonly Pick<ChapterRow, 'id' | 'segmentCount'>[],
): Promise<RenditionCounts[]> {
  const counted = await counts.of(
    casting,
    chapters.map(({ id }) => id),
  )
  return chapters.map(({ segmentCount }, at) => ({ ...counted[at]!, total: segmentCount }))
}

/** The sum of the counts of these chapters. Cached by the identity of `chapters`. */
export async function totalCounts(
  counts: ProgressCounts,
  casting: Casting,
  chapters: readonly ChapterRow[],
): Promise<RenditionCounts> {
  let total = 0
  for (const { segmentCount } of chapters) total += segmentCount
  return { total, ...(await counts.sum(casting, chapters)) }
}

export function sumRenditionCounts(renditions: readonly RenditionCounts[]): RenditionCounts {
  return { ...sumCounts(renditions), total: renditions.reduce((sum, { total }) => sum + total, 0) }
}
