import { expect, test } from 'vitest'
import type { CastView } from '../../src/http/contract/cast-contract.ts'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { demux } from '../fixtures/demuxed.ts'
import { type Api, answer } from '../program/api-client.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'

// A book in two voices whose server is killed while it is spoken, and while it is taken along.

const chapters = 4
const story = new TextEncoder().encode(
  Array.from(
    { length: chapters },
    (_, at) =>
      `Chapter ${at + 1}\n\n“Who is there on night ${at} at the door?” asked Anna. It rained upon the roof.\n\n“Only Ben of house ${at}, and the rain,” said Ben. “Let me come in.”\n\nShe opened the door to night ${at} and to the rain.\n`,
  ).join('\n'),
)
const [narrator, other] = ['espeak:en-us', 'espeak:en-gb']
const sound = `?voice=${narrator}`

async function giveVoice(api: Api, novelId: string): Promise<void> {
  const path = `/api/novels/${novelId}/cast`
  const view = async () => (await api.json<{ cast: CastView }>(path)).cast
  await answer(api.post(`${path}/analysis`, {}))
  await waitUntil(async () => (await view()).state === 'ready')
  const { version, characters } = await view()
  const wanted = characters.map(({ role, name, names }) => ({ role, name, names, voice: other }))
  const { cast } = await answer<{ cast: CastView }>(
    api.fetch(path, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ version, characters: wanted }),
    }),
  )
  await answer(api.post(`${path}/apply`, { version: cast.version }))
}

/** Reads the beginning of a file, whose server is then killed. */
async function beginningOf(server: ServerProcess, path: string): Promise<Buffer> {
  const response = await server.fetch(path)
  expect(response.status).toBe(200)
  const reader = response.body!.getReader()
  const { value } = await reader.read()
  await server.kill()
  await reader.cancel().catch(() => undefined)
  return Buffer.from(value!)
}

test('a cast book whose server is killed while it is spoken and taken along is whole afterwards', async () => {
  await using folder = await temporaryFolder()
  const start = () => ServerProcess.start({ data: folder.path, speakers: 1 })
  const handedOut: string[] = []
  let [novelId, progressId] = ['', '']
  {
    await using server = await start()
    novelId = (await server.add(story, 'story.txt')).novel.id
    await giveVoice(server, novelId)
    progressId = await server.generate(novelId, undefined, { voice: narrator })
    await server.until(progressId, ({ segmentsDone }) => segmentsDone > 4)
    await server.kill()
    handedOut.push(...server.handedOut)
  }
  const of = (name: string) => `/api/novels/${novelId}/${name}${sound}`
  const beginnings = new Map<string, Buffer>()
  for (const name of ['book.m4b', 'book.epub', 'book.vtt']) {
    await using server = await start()
    expect((await server.finished(progressId)).status).toBe('completed')
    beginnings.set(name, await beginningOf(server, of(name)))
    handedOut.push(...server.handedOut)
  }
  // Of the two voices only what the first life had in its hands was spoken twice.
  expect(handedOut.length - new Set(handedOut).size).toBeLessThanOrEqual(1)
  expect(new Set(handedOut.map((key) => key.split('/')[0])).size).toBe(2)

  await using server = await start()
  const bytesOf = async (path: string, init?: RequestInit) => {
    const response = await server.fetch(path, init)
    expect(response.ok).toBe(true)
    return Buffer.from(await response.arrayBuffer())
  }
  const whole = await bytesOf(of('book.m4b'))
  const begun = beginnings.get('book.m4b')!
  // What came before is the beginning of what comes now, and a client may go on there.
  expect(whole.subarray(0, begun.length).equals(begun)).toBe(true)
  const rest = await bytesOf(of('book.m4b'), { headers: { range: `bytes=${begun.length}-` } })
  if (begun.length < whole.length) expect(Buffer.concat([begun, rest]).equals(whole)).toBe(true)
  const frames: Uint8Array[] = []
  const texts: string[] = []
  for (let number = 1; number <= chapters; number++) {
    frames.push(...demux(await bytesOf(of(`chapters/${number}/audio.m4a`))).frames)
    const { chapter } = await server.json<{ chapter: Chapter }>(of(`chapters/${number}`))
    expect(chapter.status).toBe('completed')
    texts.push(
      ...chapter.segments.map(({ block, start, end }) => chapter.blocks[block]!.text.slice(start, end)),
    )
  }
  expect(Buffer.concat(demux(whole).frames).equals(Buffer.concat(frames))).toBe(true)
  const vtt = (await bytesOf(of('book.vtt'))).toString()
  expect(vtt.startsWith(beginnings.get('book.vtt')!.toString())).toBe(true)
  const letters = (text: string) => text.replaceAll(/[^\p{L}]/gu, '')
  const cues = vtt.split('\n\n').map((cue) =>
    cue
      .split('\n')
      .filter((line) => !line.includes('-->'))
      .join(' '),
  )
  expect(letters(cues.slice(1).join(' '))).toContain(letters(texts.slice(1, 4).join(' ')))
  const epub = await bytesOf(of('book.epub'))
  expect(epub.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004')
  expect(epub.length).toBeGreaterThanOrEqual(beginnings.get('book.epub')!.length)
})
