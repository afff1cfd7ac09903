import type { Casting } from '../../novel/casting.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import { typicalPace, typicalSpeakingSpeed } from '../../novel/speech-length.ts'
import { freeBytes } from '../../storage/local/disk-space.ts'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'
import { windowOf } from '../../storage/queries/kept-ahead-queries.ts'
import { type NovelRow } from '../../storage/queries/novel-queries.ts'
import { sqlDialect } from '../../storage/sql-dialect.ts'
import type { Application } from '../application.ts'
import { backendName, sumOfRates } from '../servers/server-directory.ts'
import { castingFor } from '../voices/generation-recipes.ts'
import { type GenerationRequest, requestedChapters } from './generation-requests.ts'
import { type RenditionCounts, renditionCounts, sumRenditionCounts } from './generation-progress.ts'
import { remadeCounts } from './remade-counts.ts'
import type { SpeakingRate } from './speaking-rates.ts'
import { requireNovel } from '../require-novel.ts'

type PlanParts = Pick<
  Application,
  'backends' | 'counts' | 'db' | 'folder' | 'servers' | 'speakingRates' | 'voices'
>

/** Where a figure is from: what this machine does now or did before, or what machines do in general. */
type SpeedBasis = 'measured' | 'typical'

/** What a generation would do, before it is asked for. */
export interface GenerationPlan {
  readonly voice: string
  readonly speed: number
  readonly chapters: number
  readonly segments: { readonly total: number; readonly reused: number; readonly missing: number }
  /** Of audio; `exact`: all of it is there. */
  readonly seconds: { readonly total: number; readonly missing: number; readonly exact: boolean }
  /** Seconds until the missing segments are spoken, if nothing else is. */
  readonly time: { readonly seconds: number; readonly basis: SpeedBasis }
  /** Speakers of this server that have the memory for the voice's model, if not all of them have. */
  readonly speakers?: { readonly used: number; readonly all: number }
  /** Bytes; `free` is `undefined` where clips are not kept on this machine. */
  readonly disk: { readonly needed: number; readonly free: number | undefined }
  /** What is spoken in the novel's own voice and speed, and would be spoken anew in the wanted ones. */
  readonly remade: { readonly segments: number; readonly chapters: number; readonly seconds: number }
}

/** 64 kb/s, the header of each frame, and what the database needs around it. */
const usualBytesPerSecond = 8600
/** Fewer say too little of the pace. */
const fewestSegments = 20

/**
 * What a request would do if it were made now. Reads no text. Throws `novel.unknown`, `chapter.unknown`,
 * `chapter.nothing-to-speak`, `voice.unknown`, `voice.none`.
 */
export async function planGeneration(
  parts: PlanParts,
  request: Omit<GenerationRequest, 'priority'>,
): Promise<GenerationPlan> {
  const { db, counts, voices, speakingRates } = parts
  const { novel, chapters } = await requestedChapters(db, request)
  const { casting, recipes } = await castingFor({ db, voices }, novel, request)
  const [{ voice, speed }] = recipes
  const byChapter = await renditionCounts(counts, casting, chapters)
  const sum = sumRenditionCounts(byChapter)
  const rate = await speakingRates.of(voice)
  const pace = paceOf(chapters, byChapter, rate, { language: novel.language, speed })
  const missing = missingCharacters(chapters, byChapter) / pace
  const done = framesToSeconds(sum.frames)
  const speaking = speakingSpeed(parts, voice, rate)
  const remade = await remadeBy(parts, novel, chapters, casting, byChapter)
  const missingSegments = sum.total - sum.done
  return {
    voice,
    speed,
    chapters: chapters.length,
    segments: { total: sum.total, reused: sum.done, missing: missingSegments },
    seconds: { total: done + missing, missing, exact: missingSegments === 0 },
    time: { seconds: missing / speaking.speechPerSecond, basis: speaking.basis },
    ...speakersWithRoom(parts, voice),
    disk: {
      needed: Math.ceil(missing * (done > 0 ? (sum.bytes / done) * 1.08 : usualBytesPerSecond)),
      free: sqlDialect(db).shared ? undefined : await freeBytes(parts.folder),
    },
    remade: {
      ...remade,
      seconds:
        missingSegments === 0
          ? 0
          : ((missing / missingSegments) * remade.segments) / speaking.speechPerSecond,
    },
  }
}

/**
 * The chapters that would be spoken if so many were kept ahead. Throws `novel.unknown`, `chapter.nothing-to-speak`.
 */
export async function numbersAhead(
  { db }: Pick<Application, 'db'>,
  novelId: string,
  ahead: number,
): Promise<number[]> {
  await requireNovel({ db }, novelId)
  const { chapters } = await windowOf(db, novelId, ahead)
  if (chapters.length === 0) throw new Failure('chapter.nothing-to-speak')
  return chapters.map(({ number }) => number)
}

/** UTF-16 units of text a second: as measured in these chapters, else in this voice, else as usual in the language. */
function paceOf(
  chapters: readonly ChapterRow[],
  byChapter: readonly RenditionCounts[],
  rate: SpeakingRate,
  { language, speed }: { readonly language: string; readonly speed: number },
): number {
  let [characters, frames, segments] = [0, 0, 0]
  for (const [at, chapter] of chapters.entries()) {
    const counted = byChapter[at]
    if (!counted || counted.total === 0) continue
    characters += chapter.characters * (counted.done / counted.total)
    frames += counted.frames
    segments += counted.done
  }
  if (segments >= fewestSegments) return characters / framesToSeconds(frames)
  return (rate.charactersPerSecond ?? typicalPace(language)) * speed
}

function missingCharacters(chapters: readonly ChapterRow[], byChapter: readonly RenditionCounts[]): number {
  return chapters.reduce((sum, { characters }, at) => {
    const { total = 0, done = 0 } = byChapter[at] ?? {}
    return total === 0 ? sum : sum + characters * ((total - done) / total)
  }, 0)
}

function speakersWithRoom({ backends }: PlanParts, voice: string): Pick<GenerationPlan, 'speakers'> {
  const backend = backends.of(voice)
  const { capacity } = backend
  const used = backend.placesFor?.(voice) ?? capacity
  return used < capacity ? { speakers: { used, all: capacity } } : {}
}

/** Seconds of speech per second of wall clock, of all places of a voice's backend together. */
function speakingSpeed(
  { backends, servers }: PlanParts,
  voice: string,
  rate: SpeakingRate,
): { readonly speechPerSecond: number; readonly basis: SpeedBasis } {
  const backend = backends.of(voice)
  const now = [backend.throughput.rate(Date.now()), servers.rateElsewhere(backendName(voice))]
  const running = now.filter((each) => each !== undefined)
  // What runs now may be another voice of the same backend: it says nothing of one that was measured.
  if (rate.speechPerSecond === undefined && running.length > 0)
    return { speechPerSecond: sumOfRates(running).realTimeFactor, basis: 'measured' }
  const elsewhere = backendName(voice) === 'workers' ? servers.speakersElsewhere : 0
  const places = Math.max(1, (backend.placesFor?.(voice) ?? backend.capacity) + elsewhere)
  return rate.speechPerSecond === undefined
    ? { speechPerSecond: places * typicalSpeakingSpeed(voice), basis: 'typical' }
    : { speechPerSecond: places * rate.speechPerSecond, basis: 'measured' }
}

/** The segments that have a clip in the novel's own voice and speed, and none in the wanted ones. */
async function remadeBy(
  { db, counts, voices }: PlanParts,
  novel: NovelRow,
  chapters: readonly ChapterRow[],
  wanted: Casting,
  byChapter: readonly RenditionCounts[],
): Promise<{ readonly segments: number; readonly chapters: number }> {
  const none = { segments: 0, chapters: 0 }
  if (!voices.ofNovel(novel)) return none
  const { casting: own } = await castingFor({ db, voices }, novel)
  if (own.id === wanted.id) return none
  const before = await renditionCounts(counts, own, chapters)
  const remade: number[] = []
  const uncounted: number[] = []
  for (const [at, { id }] of chapters.entries()) {
    const [{ done = 0, total = 0 } = {}, spoken = 0] = [byChapter[at], before[at]?.done]
    if (spoken === 0 || done === total) continue
    if (spoken === total) remade.push(total - done)
    else if (done === 0) remade.push(spoken)
    else uncounted.push(id)
  }
  remade.push(...(await remadeCounts(db, uncounted, own, wanted)).values())
  return {
    segments: remade.reduce((sum, each) => sum + each, 0),
    chapters: remade.filter((each) => each > 0).length,
  }
}
