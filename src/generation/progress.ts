import { type ChapterRow, chaptersByGeneration } from '../database/chapters.ts'
import type { Generation, Status } from '../novel/generation.ts'
import { statusOf } from '../novel/generation.ts'
import type { Active } from './agenda.ts'
import type { Studio } from './studio.ts'
import { type SpokenTally, sumTallies, talliesOf } from './tally.ts'

interface ChapterProgress {
  readonly chapter: ChapterRow
  readonly tally: SpokenTally
  readonly status: Status
}

/** The truth about a generation at this moment. */
export interface GenerationProgress {
  readonly generation: Generation
  readonly status: Status
  readonly tally: SpokenTally
  readonly chapters: readonly ChapterProgress[]
  /** `undefined` until there is something to judge by, or when nothing runs. */
  readonly etaSeconds: number | undefined
  readonly realTimeFactor: number | undefined
}

export async function progressOf(studio: Studio, asked: Generation): Promise<GenerationProgress> {
  const { db, agenda, book, dispatcher, lanes } = studio
  const active: Active = agenda.byId(asked.id) ?? {
    generation: asked,
    chapters: await chaptersByGeneration(db, asked.id),
  }
  const generation = { ...active.generation, wish: asked.wish }
  const tallies = await talliesOf(book, generation.recipe, active.chapters)
  const chapters = active.chapters.flatMap((chapter, at) => {
    const tally = tallies[at]
    if (!tally) return []
    const started = tally.done > 0 || dispatcher.isInHand(generation.recipe, chapter.id)
    return [{ chapter, tally, status: statusOf(generation.wish, started, tally) }]
  })
  const tally = sumTallies(tallies)
  const status = statusOf(generation.wish, generation.startedAt !== undefined, tally)
  const { pace } = lanes.of(generation.voice)
  const speed = status === 'running' || status === 'pending' ? pace.now(Date.now()) : undefined
  return {
    generation,
    status,
    tally,
    chapters,
    etaSeconds: speed && (await segmentsUntil(studio, generation)) / speed.segmentsPerSecond,
    realTimeFactor: status === 'running' ? speed?.realTimeFactor : undefined,
  }
}

/** How many segments are to be spoken until a generation is done: its own and those of its lane that come before it. */
async function segmentsUntil({ agenda, book, lanes }: Studio, { id, voice }: Generation): Promise<number> {
  const lane = lanes.of(voice)
  let segments = 0
  for (const { generation, chapters } of agenda.all()) {
    if (generation.wish !== 'run' || lanes.of(generation.voice) !== lane) continue
    const { total, done, setAside } = sumTallies(await talliesOf(book, generation.recipe, chapters))
    segments += total - done - setAside
    if (generation.id === id) break
  }
  return segments
}
