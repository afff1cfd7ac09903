import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { onPostgres } from '../program/test-storage.ts'
import { narratorVoice, twoVoicesFolder } from './two-voices.ts'

export interface CrashRun {
  /** A path, or the bytes of a text file. */
  readonly book: string | Uint8Array<ArrayBuffer>
  /** Chapters to be spoken, by number. */
  readonly chapters: readonly number[]
  readonly kills: number
  readonly speakers: number
  /** Every second segment is another voice's. */
  readonly twoVoices?: boolean
  readonly say?: (line: string) => void
}

export interface CrashFigures {
  readonly kills: number
  readonly acknowledged: number
  /** Acknowledged generations that a later life did not know. */
  readonly lost: number
  readonly completed: number
  readonly segments: number
  readonly spokenTwice: number
  /** Chapters whose audio is not that of an undisturbed run. */
  readonly differing: readonly number[]
  readonly integrity: readonly string[]
  readonly strayFiles: readonly string[]
  /** Times that progress went back between two lives. */
  readonly wentBack: number
}

/**
 * Speaks chapters while the server and its speakers are killed at random moments, then again in peace elsewhere, and
 * compares.
 */
export async function crashRun(run: CrashRun): Promise<CrashFigures> {
  await using disturbedFolder = await temporaryFolder()
  const disturbed = await speakDisturbed(run, disturbedFolder.path)
  await using peacefulFolder = await temporaryFolder()
  const peaceful = await speakInPeace(run, peacefulFolder.path)
  return {
    kills: run.kills,
    ...disturbed.figures,
    differing: run.chapters.filter((_, at) => disturbed.audio[at] !== peaceful[at]),
    // Before the databases are opened again: that would leave their side files.
    strayFiles: strayFiles(disturbedFolder.path),
    integrity: integrityOf(disturbedFolder.path),
  }
}

async function speakDisturbed(run: CrashRun, data: string) {
  const { chapters, kills, speakers, say } = run
  const begun = run.twoVoices ? await twoVoicesFolder(data, run.book, chapters) : undefined
  const acknowledged: string[] = []
  const handedOut: string[] = []
  let [lost, wentBack, done] = [0, 0, 0]
  let novelId = begun?.novelId ?? ''
  for (let life = 0; life <= kills; life++) {
    const server = await ServerProcess.start({ data, speakers })
    novelId ||= (await server.add(run.book, 'crash.txt')).novel.id
    for (const id of acknowledged) {
      if ((await server.fetch(`/api/worker/progress/${id}`)).status !== 200) lost++
    }
    const whole = begun?.progressId ?? (await server.generate(novelId, chapters))
    if (!acknowledged.includes(whole)) acknowledged.push(whole)
    const before = (await server.progress(whole)).segmentsDone
    if (before < done) wentBack++
    if (life < kills) {
      // Now and then the kill comes right after an answer.
      if (life % 3 === 1 && !begun)
        acknowledged.push(await server.generate(novelId, [chapters[life % chapters.length]!]))
      else await wait(500 + Math.random() * 2000)
      done = (await server.progress(whole)).segmentsDone
      await server.kill()
      say?.(`killed in life ${life + 1}, ${done} segments spoken`)
    } else {
      for (const id of acknowledged) await server.finished(id)
    }
    handedOut.push(...server.handedOut)
    if (life < kills) continue
    const statuses = await Promise.all(acknowledged.map(async (id) => (await server.progress(id)).status))
    const audio = await audioOf(server, novelId, run)
    const { segmentsTotal } = await server.progress(whole)
    await server.stop()
    return {
      audio,
      figures: {
        acknowledged: acknowledged.length,
        lost,
        wentBack,
        completed: statuses.filter((status) => status === 'completed').length,
        segments: segmentsTotal,
        spokenTwice: handedOut.length - new Set(handedOut).size,
      },
    }
  }
  throw new Error('there is always a last life')
}

async function speakInPeace(run: CrashRun, data: string): Promise<string[]> {
  const { book, chapters, speakers } = run
  const begun = run.twoVoices ? await twoVoicesFolder(data, book, chapters) : undefined
  await using server = await ServerProcess.start({ data, speakers })
  const novelId = begun?.novelId ?? (await server.add(book, 'crash.txt')).novel.id
  await server.finished(begun?.progressId ?? (await server.generate(novelId, chapters)))
  return await audioOf(server, novelId, run)
}

async function audioOf(
  server: ServerProcess,
  novelId: string,
  { chapters, twoVoices = false }: CrashRun,
): Promise<string[]> {
  const hashes: string[] = []
  // Of several castings with a narrator the one is heard of which the most is spoken.
  const sound = twoVoices ? `?voice=${narratorVoice}` : ''
  for (const number of chapters) {
    const response = await server.fetch(`/api/novels/${novelId}/chapters/${number}/audio.m4a${sound}`)
    const bytes = new Uint8Array(await response.arrayBuffer())
    hashes.push(
      response.status === 200 ? createHash('sha256').update(bytes).digest('hex') : `${response.status}`,
    )
  }
  return hashes
}

function integrityOf(data: string): string[] {
  // Postgres looks after its own files.
  if (onPostgres) return []
  return ['nightjar.db', 'clips.db'].map((name) => {
    const sqlite = new DatabaseSync(join(data, name), { readOnly: true })
    try {
      return String(Object.values(sqlite.prepare('PRAGMA integrity_check').get() ?? {})[0])
    } finally {
      sqlite.close()
    }
  })
}

/** Everything in the data folder that should not be there after a graceful end. */
function strayFiles(data: string): string[] {
  const known = new Set([
    'nightjar.db',
    'clips.db',
    'lock.db',
    'server-id',
    'sources',
    'covers',
    'incoming',
    'voices',
    'downloads',
    'recordings',
    // Of a server on Postgres, and of one whose objects are in a bucket.
    'store',
    'copies',
    'trash',
    'small-covers',
  ])
  return [
    ...readdirSync(data).filter((name) => !known.has(name)),
    ...readdirSync(join(data, 'incoming')),
    // The book and its card.
    ...readdirSync(join(data, 'sources')).slice(2),
    ...readdirSync(join(data, 'trash')),
    ...readdirSync(join(data, 'covers')).slice(1),
    ...readdirSync(join(data, 'voices')),
    ...readdirSync(join(data, 'downloads')),
    ...readdirSync(join(data, 'recordings')),
  ]
}
