import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readBook } from '../src/jobs/import/book-reader.ts'
import { longStory } from './fixtures/long-story.ts'
import { ServerProcess } from './program/server-process.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

/** A text that takes some seconds to read. */
const longBook = longStory(400, 400)

async function form(bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<RequestInit> {
  const body = new FormData()
  body.append('file', new Blob([bytes]), 'story.txt')
  return { method: 'POST', body, signal }
}

/** The readers that work for this data folder. */
async function readersOf(folder: string): Promise<string[]> {
  const found = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command.includes('book-reader') && command.includes(folder)) found.push(pid)
  }
  return found
}

test('a book that takes long holds no other up, and the same file sent twice is one novel', async () => {
  await using here = await startApplication({ work: false })
  const ended: string[] = []
  const long = [here.api.upload(longBook, 'long.txt'), here.api.upload(longBook, 'again.txt')].map((answer) =>
    answer.then(async (response) => {
      ended.push('long')
      return { status: response.status, id: ((await response.json()) as { novel: { id: string } }).novel.id }
    }),
  )
  await waitUntil(async () => (await readdir(join(here.data, 'incoming'))).length >= 2)
  await here.api.add(longStory(1, 3), 'short.txt')
  ended.push('short')
  const [one, two] = await Promise.all(long)
  expect(ended).toEqual(['short', 'long', 'long'])
  expect(new Set([one?.status, two?.status])).toEqual(new Set([200, 201]))
  expect(one?.id).toBe(two?.id)
})

test('an import ends when its client goes: no novel, no file, no reader', async () => {
  await using here = await startApplication({ work: false })
  const client = new AbortController()
  const answer = here.api.fetch('/api/novels', await form(longBook, client.signal))
  answer.catch(() => undefined)
  const reading = async () =>
    (await here.application.db.selectFrom('novels').select('id').execute()).length === 1
  await waitUntil(reading)
  if (existsSync('/proc'))
    expect((await readersOf(here.data)).map((pid) => getPriority(Number(pid)))).toEqual([5])
  client.abort()
  await expect(answer).rejects.toThrow('abort')
  await waitUntil(async () => !(await reading()))
  await waitUntil(async () => (await readdir(join(here.data, 'incoming'))).length === 0)
  expect(await readdir(join(here.data, 'sources'))).toEqual([])
  expect(await here.api.json('/api/novels')).toMatchObject({ novels: [] })
  if (existsSync('/proc')) await waitUntil(async () => (await readersOf(here.data)).length === 0)
  // The same file is taken when it comes again.
  expect((await here.api.add(longStory(1, 3), 'short.txt')).chapters).toHaveLength(1)
})

test('a book that takes more time than any real one is refused', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'book')
  await writeFile(path, longBook)
  const read = async () => {
    for await (const _ of readBook(path, 'endless.txt', { cpuSeconds: 0.6 }));
  }
  await expect(read()).rejects.toMatchObject({ code: 'novel.hostile', details: { file: 'endless.txt' } })
})

const boundary = 'x'
const opening = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n`
const ending = `\r\n--${boundary}--\r\n`

/** Sends the head of an upload of so many bytes. */
function startUpload(address: string, bytes: number) {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.on('data', (chunk) => (answer += String(chunk)))
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
  })
  socket.write(
    `POST /api/novels HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-length: ${opening.length + bytes + ending.length}\r\n` +
      `content-type: multipart/form-data; boundary=${boundary}\r\n\r\n`,
  )
  return { socket, answered: () => answer, closed }
}

test('an upload that stops coming is given up with a sentence; a slow one that lives is taken', async () => {
  await using here = await startApplication({ work: false, bodyTimeoutMs: 600 })
  const dead = startUpload(here.api.address, 1000)
  dead.socket.write(`${opening}The first`)
  const unborn = startUpload(here.api.address, 1000)
  const slow = startUpload(here.api.address, 9 * 12)
  slow.socket.write(opening)
  for (let part = 0; part < 12; part++) {
    slow.socket.write('A line. \n')
    await wait(150)
  }
  slow.socket.write(ending)
  await waitUntil(() => slow.answered() !== '')
  expect(slow.answered()).toMatch(/^HTTP\/1.1 201 /)
  slow.socket.destroy()
  for (const { answered, closed } of [dead, unborn]) {
    await closed
    expect(answered()).toMatch(/^HTTP\/1.1 408 /)
    expect(answered()).toContain('request.stalled')
  }
  await waitUntil(async () => (await readdir(join(here.data, 'incoming'))).length === 0)
})

test('SIGTERM in the middle of an import: it is answered, and the server ends with 0', async () => {
  await using folder = await temporaryFolder()
  await using server = await ServerProcess.start({ data: folder.path, speakers: 1 })
  const answer = server.upload(longBook, 'long.txt')
  const incoming = () => readdir(join(folder.path, 'incoming'))
  await waitUntil(async () => (await incoming()).length > 0)
  const before = await incoming()
  const halfWay = startUpload(server.address, 1000)
  halfWay.socket.write(`${opening}The first`)
  await waitUntil(async () => (await incoming()).some((name) => !before.includes(name)))
  expect(await server.stop()).toBe(0)
  const response = await answer
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ code: 'server.stopping' })
  await halfWay.closed
  expect(halfWay.answered()).toMatch(/^HTTP\/1.1 503 /)
})

test.skipIf(!existsSync('/proc'))('a server that is killed takes a reader that is busy along', async () => {
  await using folder = await temporaryFolder()
  await using server = await ServerProcess.start({ data: folder.path, speakers: 1 })
  server.upload(longBook, 'long.txt').catch(() => undefined)
  await waitUntil(async () => (await readersOf(folder.path)).length > 0)
  await server.kill()
  await waitUntil(async () => (await readersOf(folder.path)).length === 0)
})

test('where Nightjar cannot hand its process over, the server ends with the one that was started', async () => {
  await using folder = await temporaryFolder()
  const bin = fileURLToPath(new URL('../bin/nightjar.js', import.meta.url))
  // As Node 20 is.
  const old = ['--import', 'data:text/javascript,process.execve=undefined']
  const starter = spawn(process.execPath, [...old, bin, 'serve'], {
    env: {
      ...process.env,
      NIGHTJAR_DATA: folder.path,
      NIGHTJAR_SPEAKERS: '1',
      NIGHTJAR_LOG: 'silent',
      PORT: '0',
    },
    stdio: 'ignore',
  })
  const note = join(folder.path, 'server.json')
  await waitUntil(() => existsSync(note))
  const { pid, address } = JSON.parse(await readFile(note, 'utf8')) as { pid: number; address: string }
  expect(pid).not.toBe(starter.pid)
  expect((await fetch(new URL('/api/novels', address))).status).toBe(200)
  starter.kill('SIGKILL')
  await waitUntil(() => {
    try {
      process.kill(pid, 0)
      return false
    } catch {
      return true
    }
  })
  // It stopped by itself, and said so.
  expect(existsSync(note)).toBe(false)
})
