import { type ChapterRow, chaptersByGeneration } from '../database/chapters.ts'
import type { Generation, Status } from '../novel/generation.ts'
import { statusOf } from '../novel/generation.ts'
import type { Active } from './agenda.ts'
import type { Lane } from './lanes.ts'
import type { Studio } from './studio.ts'
import { nothing, sumCounts } from './tally-book.ts'
import { type SpokenTally, tallyOf } from './tally.ts'

/** A chapter of a generation. */
export interface ChapterProgress {
  readonly done: number
  readonly status: Status
}

/** The truth about a generation at this moment. */
export interface GenerationProgress {
  readonly generation: Generation
  readonly status: Status
  readonly tally: SpokenTally
  /** `undefined` until there is something to judge by, or when nothing runs. */
  readonly etaSeconds: number | undefined
  readonly realTimeFactor: number | undefined
}

/** The same with its chapters; the sum over them is the tally. */
export interface DetailedProgress extends GenerationProgress {
  /** As long as it runs, the same list each time. */
  readonly chapters: readonly ChapterRow[]
  /** Of each chapter, in their order. */
  readonly each: readonly ChapterProgress[]
}

export async function progressOf(studio: Studio, asked: Generation): Promise<GenerationProgress> {
  const { generation, chapters } = await activeOf(studio, asked)
  return withSpeed(studio, generation, await tallyOf(studio.book, generation.recipe, chapters))
}

/** Only its status: what a request is answered with. */
export async function presentStatus(studio: Studio, asked: Generation): Promise<Status> {
  const { generation, chapters } = await activeOf(studio, asked)
  return statusNow(generation, await tallyOf(studio.book, generation.recipe, chapters))
}

export async function detailedProgressOf(studio: Studio, asked: Generation): Promise<DetailedProgress> {
  const { generation, chapters } = await activeOf(studio, asked)
  const { recipe, wish } = generation
  const counts = await studio.book.of(
    recipe,
    chapters.map(({ id }) => id),
  )
  let total = 0
  const each = chapters.map(({ id, segmentCount }, at) => {
    const { done, setAside } = counts[at] ?? nothing
    total += segmentCount
    const started = done > 0 || studio.dispatcher.isInHand(recipe, id)
    return { done, status: statusOf(wish, started, { total: segmentCount, done, setAside }) }
  })
  const tally = { ...sumCounts(counts), total }
  return { ...(await withSpeed(studio, generation, tally)), chapters, each }
}

async function activeOf(
  { db, agenda }: Studio,
  asked: Generation,
): Promise<Pick<Active, 'generation' | 'chapters'>> {
  const active = agenda.byId(asked.id)
  if (!active) return { generation: asked, chapters: await chaptersByGeneration(db, asked.id) }
  return { ...active, generation: { ...active.generation, wish: asked.wish } }
}

function statusNow({ wish, startedAt }: Generation, tally: SpokenTally): Status {
  return statusOf(wish, startedAt !== undefined, tally)
}

async function withSpeed(
  studio: Studio,
  generation: Generation,
  tally: SpokenTally,
): Promise<GenerationProgress> {
  const status = statusNow(generation, tally)
  const { pace } = studio.lanes.of(generation.voice)
  const speed = status === 'running' || status === 'pending' ? pace.now(Date.now()) : undefined
  return {
    generation,
    status,
    tally,
    etaSeconds: speed && (await segmentsUntil(studio, generation)) / speed.segmentsPerSecond,
    realTimeFactor: status === 'running' ? speed?.realTimeFactor : undefined,
  }
}

/** By an order of the work: what was added up for it, as long as no clip has come or gone. */
const addedUp = new WeakMap<
  readonly Active[],
  { readonly changes: number; readonly until: ReadonlyMap<string, number> }
>()

/**
 * How many segments are to be spoken until a generation is done: its own and those of its lane that come before it.
 * Added up for all of them at once: a page asks for one after the other.
 */
async function segmentsUntil({ agenda, book, lanes }: Studio, { id }: Generation): Promise<number> {
  const order = agenda.all()
  const known = addedUp.get(order)
  if (known?.changes === book.changes) return known.until.get(id) ?? 0
  const { changes } = book
  const [until, ofLane] = [new Map<string, number>(), new Map<Lane, number>()]
  for (const { generation, chapters, total } of order) {
    if (generation.wish !== 'run') continue
    const lane = lanes.of(generation.voice)
    const { done, setAside } = await book.sum(generation.recipe, chapters)
    const segments = (ofLane.get(lane) ?? 0) + total - done - setAside
    ofLane.set(lane, segments)
    until.set(generation.id, segments)
  }
  addedUp.set(order, { changes, until })
  return until.get(id) ?? 0
}
