import { cpSync, openSync, readSync, statSync, closeSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { longStory } from '../fixtures/long-story.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'

const program = fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))
const pageBytes = 4096
const sound = 'voice=odd:hum'

type DamagedFile = 'nightjar.db' | 'clips.db'

/** A data folder in which a novel is spoken, and what is heard of it. */
export interface Spoken {
  readonly data: string
  readonly novelId: string
  readonly chapters: readonly Buffer[]
}

export async function speakNovel(data: string): Promise<Spoken> {
  await using server = await ServerProcess.start({ data, speakers: 1, program: [program] })
  const { novel } = await server.add(longStory(4, 12), 'story.txt')
  await server.finished(await server.generate(novel.id, undefined, { voice: 'odd:hum' }))
  const chapters = []
  for (const number of [1, 2, 3, 4]) chapters.push(await heard(server, novel.id, number))
  await server.stop()
  return { data, novelId: novel.id, chapters: chapters.map((bytes) => bytes ?? Buffer.alloc(0)) }
}

/** A chapter's file; `undefined` where it is refused, unfinished or breaks off. Throws on a 500 and on a wrong file. */
async function heard(server: ServerProcess, id: string, number: number): Promise<Buffer | undefined> {
  const response = await server.fetch(`/api/novels/${id}/chapters/${number}/audio.m4a?${sound}`)
  if (response.status === 500) throw new Error(`500: ${await response.text()}\n${server.log}`)
  if (response.status !== 200) return undefined
  const bytes = await response.bytes().catch(() => undefined)
  return bytes && Buffer.from(bytes)
}

/** The same numbers for the same seed (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Overwrites some pages with noise, with nothing, or with another page of the file. Returns what it did. */
function damagePages(file: string, random: (below: number) => number): string {
  const handle = openSync(file, 'r+')
  const pages = statSync(file).size / pageBytes
  const done = []
  for (let count = 1 + random(3); count > 0; count--) {
    const [page, other, how] = [random(pages), random(pages), random(3)]
    const bytes = Buffer.alloc(pageBytes)
    if (how === 0) for (let at = 0; at < pageBytes; at++) bytes[at] = random(256)
    if (how === 2) readSync(handle, bytes, 0, pageBytes, other * pageBytes)
    writeSync(handle, bytes, 0, pageBytes, page * pageBytes)
    done.push(`${page + 1}: ${['noise', 'zeros', `page ${other + 1}`][how]}`)
  }
  closeSync(handle)
  return `${file.split('/').at(-1)} of ${pages} pages, ${done.join(', ')}`
}

/**
 * Damages a copy of a data folder and starts a server on it. Throws unless it either works, as before as far as that
 * can be told, or says in one sentence that `nightjar.db` is damaged. Returns which.
 */
export async function surviveDamage(
  spoken: Spoken,
  files: readonly DamagedFile[],
  seed: number,
): Promise<'refused' | 'told' | 'whole'> {
  await using copy = await temporaryFolder()
  cpSync(spoken.data, copy.path, { recursive: true })
  const random = randomNumbers(seed)
  const what = files.map((file) => damagePages(join(copy.path, file), random)).join('; ')
  try {
    return await tryServer(spoken, copy.path)
  } catch (error) {
    throw new Error(`seed ${seed}, ${what}: ${(error as Error).message}`, { cause: error })
  }
}

async function tryServer(spoken: Spoken, data: string): Promise<'refused' | 'told' | 'whole'> {
  let server: ServerProcess
  try {
    server = await ServerProcess.start({ data, speakers: 1, program: [program] })
  } catch (error) {
    const said = (error as Error).message.replaceAll(/\{"level":.*\}\n/g, '')
    if (!/^the server ended with code 1: nightjar\.db in \S+ is damaged \([^\n]*\n$/.test(said)) throw error
    return 'refused'
  }
  await using running = server
  const damaged = async (): Promise<boolean> => {
    const { problems } = await running.json<{ problems: { code: string }[] }>('/api/health')
    return problems.some(({ code }) => code === 'storage.damaged')
  }
  const answers = async (path: string): Promise<Record<string, unknown>> => {
    const response = await running.fetch(path)
    const text = await response.text()
    if (response.status === 500) throw new Error(`${path}: ${text}\n${running.log}`)
    return JSON.parse(text) as Record<string, unknown>
  }
  let outcome: 'told' | 'whole' | undefined
  await waitUntil(async () => {
    if (running.exitCode !== null) throw new Error(`the server ended: ${running.log}`)
    for (const path of ['/api/novels', '/api/worker/queue', `/api/novels/${spoken.novelId}`])
      await answers(path)
    for (const [at, bytes] of spoken.chapters.entries()) {
      await answers(`/api/novels/${spoken.novelId}/chapters/${at + 1}?${sound}`)
      const again = await heard(running, spoken.novelId, at + 1)
      if (again && !again.equals(bytes)) throw new Error(`chapter ${at + 1} is not what was spoken`)
      if (again) continue
      if (await damaged()) outcome = 'told'
      return outcome !== undefined
    }
    outcome = 'whole'
    return true
  })
  if (outcome !== 'whole') return 'told'
  const { novel, chapters } = (await answers(`/api/novels/${spoken.novelId}`)) as unknown as {
    novel: Novel
    chapters: ChapterListed[]
  }
  if (novel.segmentsDone !== novel.segmentsTotal) throw new Error('progress is not what is there')
  if (chapters.length !== spoken.chapters.length) throw new Error('chapters are missing')
  if ((await running.upload(longStory(1, 3), 'other.txt')).status >= 500 && !(await damaged())) {
    throw new Error(`a book is refused: ${running.log}`)
  }
  return 'whole'
}
