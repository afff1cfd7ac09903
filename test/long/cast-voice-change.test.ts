import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { CastLine, CastView } from '../../src/http/contract/cast-contract.ts'
import type { Chapter, Timeline } from '../../src/http/contract/novel-contract.ts'
import { frameSamples } from '../../src/novel/clip.ts'
import { demux } from '../fixtures/demuxed.ts'
import { answer } from '../program/api-client.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'

const alice = new URL('../../../shared/books/alice.txt', import.meta.url)
const narrator = 'voice=espeak:en-us'
const number = 5

test.skipIf(!existsSync(alice))(
  'one voice of a real novel is changed and the server killed: only that character is spoken again, all else is the same byte for byte (needs ../shared)',
  async () => {
    await using folder = await temporaryFolder()
    const options = { data: folder.path, speakers: 1 }
    let path = ''
    let progressId = ''
    const castOf = async (server: ServerProcess) =>
      (await server.json<{ cast: CastView }>(`${path}/cast`)).cast
    const give = async (server: ServerProcess, voice: string): Promise<void> => {
      const { version, characters } = await castOf(server)
      const wanted = characters.map(({ role, name, names, voice: own }) => ({
        role,
        name,
        names,
        voice: /caterpillar/i.test(name) ? voice : (own ?? null),
      }))
      const { cast } = await answer<{ cast: CastView }>(
        server.fetch(`${path}/cast`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ version, characters: wanted }),
        }),
      )
      await answer(server.post(`${path}/cast/apply`, { version: cast.version }))
    }
    /** The audio of each segment of the chapter. */
    const audioOf = async (server: ServerProcess): Promise<Buffer[]> => {
      const { frames } = demux(
        await (await server.fetch(`${path}/chapters/${number}/audio.m4a?${narrator}`)).bytes(),
      )
      const { timeline } = await server.json<{ timeline: Timeline }>(
        `${path}/chapters/${number}/timeline?${narrator}`,
      )
      const frameAt = (seconds: number) => Math.round((seconds * 24_000) / frameSamples)
      return timeline.segments.map(({ from = NaN, seconds = NaN }) =>
        Buffer.concat(frames.slice(frameAt(from), frameAt(from + seconds))),
      )
    }

    let before: Buffer[] = []
    {
      await using server = await ServerProcess.start(options)
      const { novel } = await server.add(new Uint8Array(readFileSync(alice)), 'alice.txt')
      path = `/api/novels/${novel.id}`
      await answer(server.post(`${path}/cast/analysis`, {}))
      await waitUntil(async () => (await castOf(server)).state === 'ready')
      await give(server, 'espeak:en-gb')
      progressId = await server.generate(novel.id, [number], { voice: 'espeak:en-us' })
      await server.finished(progressId)
      before = await audioOf(server)
      await give(server, 'espeak:en-gb-scotland')
      await server.kill()
    }
    await using server = await ServerProcess.start(options)
    await server.finished(progressId)
    const after = await audioOf(server)
    expect(after).toHaveLength(before.length)
    const role = (await castOf(server)).characters.find(({ name }) => /caterpillar/i.test(name))!.role
    const { lines } = await server.json<{ lines: CastLine[] }>(`${path}/cast/chapters/${number}`)
    const { chapter } = await server.json<{ chapter: Chapter }>(`${path}/chapters/${number}?${narrator}`)
    const isTheirs = chapter.segments.map(({ block, start, end }) =>
      lines.some(
        (line) => line.role === role && line.block === block && line.start < end && line.end > start,
      ),
    )
    expect(isTheirs.filter(Boolean).length).toBeGreaterThan(10)
    expect(after.map((audio, at) => !audio.equals(before[at]!))).toEqual(isTheirs)
  },
)
