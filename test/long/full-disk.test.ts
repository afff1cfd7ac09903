import { spawnSync } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { demux } from '../fixtures/demuxed.ts'
import type { Export } from '../../src/http/contract/export-contract.ts'
import { repeatedSentence } from '../fixtures/repeated-sentence.ts'
import { longStory } from '../fixtures/long-story.ts'
import type { Api } from '../program/api-client.ts'
import { Command } from '../program/cli-process.ts'
import { hasPrlimit, leaveRoom, makeRoom, needsPrlimit } from '../program/file-limit.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'

// What leaves the house finds no room where it goes: a process is given no more, as an ordinary user can do it.

const program = fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))
const sound = { voice: 'odd:hum' }
/** What a database may grow by, and no file of an hour. */
const littleBytes = 512 * 1024

async function spoken(api: Api, book: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
  const { novel } = await api.add(book, name)
  await api.finished(await api.generate(novel.id, undefined, sound))
  return novel.id
}

test('a recording that finds no room waits, says so, leaves nothing, and is made when there is room', async ({
  skip,
}) => {
  skip(!hasPrlimit, needsPrlimit)
  await using data = await temporaryFolder()
  const within = (part: string): Promise<string[]> => readdir(join(data.path, part))
  await using server = await ServerProcess.start({ data: data.path, program: [program] })
  const short = `/api/novels/${await spoken(server, longStory(1, 3), 'short.txt')}/chapters/1/audio.mp3`
  await waitUntil(async () => (await server.fetch(short)).status === 200)
  const finished = await (await server.fetch(short)).bytes()

  const id = await spoken(server, repeatedSentence(80), 'long.txt')
  const addresses = ['mp3', 'opus'].map((form) => `/api/novels/${id}/chapters/1/audio.${form}`)
  const limit = leaveRoom(server.pid, data.path, littleBytes)
  const asked = async (address: string): Promise<Export> => {
    const answer = await server.fetch(address)
    expect(answer.status).toBe(202)
    return ((await answer.json()) as { export: Export }).export
  }
  for (const address of addresses) await asked(address)
  await waitUntil(() => (server.log.match(/a transcode waits for disk space/g) ?? []).length > 1)
  await waitUntil(async () => (await within('incoming')).length === 0)
  for (const address of addresses) {
    expect(await asked(address)).toMatchObject({
      waiting: 'The disk is full. The work is paused and goes on by itself when there is room again.',
      errorMessage: null,
    })
  }
  expect(await within('recordings')).toHaveLength(1)
  // What is whole can be had meanwhile.
  expect(await (await server.fetch(short)).bytes()).toEqual(finished)

  makeRoom(server.pid)
  for (const address of addresses) {
    await waitUntil(async () => (await server.fetch(address, { method: 'HEAD' })).status === 200)
    const bytes = await (await server.fetch(address)).bytes()
    expect(bytes.length).toBeGreaterThan(limit)
    expect(demux(bytes).format).toBe(address.endsWith('mp3') ? 'mp3' : 'ogg')
  }
  expect(await within('incoming')).toEqual([])
  expect(await within('recordings')).toHaveLength(3)
})

test('a book for audiobookshelf that finds no room is told, leaves nothing, and is brought when there is room', async ({
  skip,
}) => {
  skip(!hasPrlimit, needsPrlimit)
  await using data = await temporaryFolder()
  await using shelf = await temporaryFolder()
  const settings = { NIGHTJAR_AUDIOBOOKSHELF: shelf.path }
  await using server = await ServerProcess.start({ data: data.path, program: [program], settings })
  const stateOf = (id: string) => server.json(`/api/novels/${id}/audiobookshelf`)
  const short = await spoken(server, longStory(1, 3), 'short.txt')
  await waitUntil(async () => (await stateOf(short))['state'] === 'written')
  const [folder] = await readdir(shelf.path)
  const before = await readFile(join(shelf.path, folder!, '.nightjar.json'))

  leaveRoom(server.pid, data.path, littleBytes)
  const id = await spoken(server, repeatedSentence(160, 2), 'long.txt')
  const full = `There is no room for the book in ${shelf.path}. Make some; then it is brought there by itself.`
  await waitUntil(async () => (await stateOf(id))['message'] === full)
  expect((await stateOf(id))['state']).toBe('waiting')
  expect(await readdir(shelf.path)).toEqual([folder])
  expect((await readFile(join(shelf.path, folder!, '.nightjar.json'))).equals(before)).toBe(true)

  makeRoom(server.pid)
  await waitUntil(async () => (await stateOf(id))['state'] === 'written')
  const { path } = (await stateOf(id)) as { path: string }
  const files = (await readdir(path)).filter((name) => name.endsWith('.m4a')).toSorted()
  expect(files).toHaveLength(2)
  for (const [at, name] of files.entries()) {
    const asked = await server.fetch(`/api/novels/${id}/chapters/${at + 1}/audio.m4a`)
    expect((await readFile(join(path, name))).equals(await asked.bytes())).toBe(true)
  }
  expect((await readdir(shelf.path)).filter((name) => name.startsWith('.nightjar'))).toEqual([])
})

test('a command that finds no room for its file says so in a sentence, and leaves what lay there as it was', async ({
  skip,
}) => {
  skip(!hasPrlimit, needsPrlimit)
  await using data = await temporaryFolder()
  await using server = await ServerProcess.start({ data: data.path, speakers: 1 })
  const voice = ['--voice', 'espeak:en-us']
  await writeFile(join(data.path, 'Long.txt'), repeatedSentence(80))
  await server.add(join(data.path, 'Long.txt'))
  const out = join(data.path, 'out')
  await Command.run(['narrate', 'Long.txt', '--out', out, ...voice], data.path)
  const [chapter] = await readdir(out)
  const whole = await readFile(join(out, chapter!))
  for (const [args, name] of [
    [['export', 'Long', '--out', join(out, 'book.m4b')], 'book.m4b'],
    [['narrate', 'Long.txt', '--out', join(out, 'book.m4b')], 'book.m4b'],
    [['narrate', 'Long.txt', '--out', out], chapter!],
  ] as const) {
    await writeFile(join(out, name), 'what lay there')
    const { code, out: said, err } = await Command.run([...args, ...voice], data.path, littleBytes)
    expect({ args, code, said }).toEqual({ args, code: 1, said: '' })
    expect(err.trim().split('\n').at(-1)).toMatch(
      /^\S.* finds no room: EFBIG: .*\. Make room or choose another place, and try again\.$/,
    )
    expect(err).not.toContain('    at ')
    expect(await readFile(join(out, name), 'utf8')).toBe('what lay there')
    expect((await readdir(out)).filter((each) => each.includes('.part'))).toEqual([])
  }
  expect((await Command.run(['narrate', 'Long.txt', '--out', out, ...voice], data.path)).code).toBe(0)
  expect((await readFile(join(out, chapter!))).equals(whole)).toBe(true)
})

test.skipIf(!existsSync('/dev/full'))(
  'a stream into a full disk ends with a sentence and exit code 1',
  async () => {
    await using data = await temporaryFolder()
    await writeFile(join(data.path, 'Long.txt'), repeatedSentence(10))
    const voice = ['--voice', 'espeak:en-us']
    expect((await Command.run(['narrate', 'Long.txt', ...voice], data.path)).code).toBe(0)
    const bin = fileURLToPath(new URL('../../bin/nightjar.js', import.meta.url))
    const { status, stderr } = spawnSync(process.execPath, [bin, 'export', 'Long', '--out', '-', ...voice], {
      env: { ...process.env, NIGHTJAR_DATA: data.path, PORT: '0' },
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      encoding: 'utf8',
    })
    expect([status, stderr.trim()]).toEqual([
      1,
      'Standard output finds no room: ENOSPC: no space left on device, write. Make room or choose another place, and try again.',
    ])
  },
)
