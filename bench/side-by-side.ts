import { availableParallelism } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { BareResult, BareShare, BareText } from './bare-speaker.ts'
import { largeText } from './books.ts'
import { equalShares } from './equal-shares.ts'
import { sum } from './figures.ts'
import { cpuSeconds } from './processes.ts'
import { type Passage, passagesOf } from './prose.ts'
import { startServerUnderTest, type ServerUnderTest } from './server-under-test.ts'
import { WorkerProcess } from './worker-process.ts'

/** A passage spoken twice: by the whole program, and by bare engines and encoders, one on each core. */
export interface Round {
  readonly texts: readonly BareText[]
  readonly program: {
    readonly wall: number
    /** CPU seconds. */
    readonly server: number
    readonly workers: number
    readonly speechSeconds: number
  }
  readonly bare: {
    /** Of the core that finished last. */
    readonly wall: number
    /** CPU seconds. */
    readonly engine: number
    readonly encoder: number
  }
}

/** A round of a voice that is spoken slowly may be shorter: each takes some 25 s, all of a voice less than two minutes. */
function charactersPerRound(voice: string): number {
  return voice.startsWith('espeak:') ? 45_000 : 27_000
}

const measured = new Map<string, Promise<Round[]>>()

/**
 * The rounds of a voice, measured once and shared by all rows. The program and the bare engines speak the same passage
 * one after the other in alternating order, so that other load on the machine affects both equally.
 */
export function sideBySide(voice: string, quick: boolean): Promise<Round[]> {
  let rounds = measured.get(voice)
  if (!rounds) measured.set(voice, (rounds = measure(voice, quick)))
  return rounds
}

async function measure(voice: string, quick: boolean): Promise<Round[]> {
  const book = largeText()
  const [warmUp, ...passages] = await passagesOf(
    book,
    quick ? [2000, 3000, 3000] : [5000, ...Array<number>(4).fill(charactersPerRound(voice))],
  )
  if (!warmUp) return []
  await using underTest = await startServerUnderTest()
  using bare = new BareSpeakers(voice)
  const { novel } = await underTest.server.add(book.bytes, book.fileName)
  const speak = (passage: Passage) => bySpeakers(underTest, novel.id, voice, passage)
  // Warm-up: models are loaded, gains measured and the code is compiled before measuring.
  await speak(warmUp)
  await bare.speak(warmUp.texts)
  const rounds: Round[] = []
  for (const [index, passage] of passages.entries()) {
    const { texts } = passage
    if (index % 2 === 0) rounds.push({ texts, program: await speak(passage), bare: await bare.speak(texts) })
    else {
      const without = await bare.speak(texts)
      rounds.push({ texts, program: await speak(passage), bare: without })
    }
  }
  return rounds
}

async function bySpeakers(
  { server, pid, workers }: ServerUnderTest,
  novelId: string,
  voice: string,
  { chapterNumbers }: Passage,
): Promise<Round['program']> {
  const before = [cpuSeconds([pid]), cpuSeconds(workers)] as const
  const progressId = await server.generate(novelId, chapterNumbers, { voice })
  let progress = await server.progress(progressId)
  while (progress.completedAt === null) {
    await wait(250)
    progress = await server.progress(progressId)
  }
  return {
    wall: (Date.parse(progress.completedAt) - Date.parse(progress.createdAt)) / 1000,
    server: cpuSeconds([pid]) - before[0],
    workers: cpuSeconds(workers) - before[1],
    speechSeconds: progress.secondsDone,
  }
}

/** Bare engines and encoders, one on each core. */
class BareSpeakers implements Disposable {
  readonly #voice: string
  readonly #processes = Array.from(
    { length: availableParallelism() },
    () => new WorkerProcess<BareShare, BareResult>(new URL('bare-speaker.ts', import.meta.url)),
  )

  constructor(voice: string) {
    this.#voice = voice
  }

  async speak(texts: readonly BareText[]): Promise<Round['bare']> {
    const shares = equalShares(texts, this.#processes.length)
    const results = await Promise.all(
      this.#processes.map((process, at) => process.ask({ voice: this.#voice, texts: shares[at] ?? [] })),
    )
    return {
      wall: Math.max(...results.map(({ engine, encoder }) => engine.wall + encoder.wall)),
      engine: sum(results.map(({ engine }) => engine.cpu)),
      encoder: sum(results.map(({ encoder }) => encoder.cpu)),
    }
  }

  [Symbol.dispose](): void {
    for (const process of this.#processes) process[Symbol.dispose]()
  }
}
