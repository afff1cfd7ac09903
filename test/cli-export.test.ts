import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { demux } from '../src/audio/demuxed.ts'
import { longStory } from './fixtures/long-story.ts'
import { Command } from './program/command.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { until } from './program/until.ts'

const sentence = /^[^\n]+[.]$/
const voice = ['--voice', 'espeak:en-us']

/** Minutes of the same sentence: large, and spoken at once. */
function longAndTheSame(sentences: number): Uint8Array<ArrayBuffer> {
  const same = `${'The ferryman crossed the river, and nobody asked why, '.repeat(4)}that night.`
  return new TextEncoder().encode(`Chapter 1\n\n${`${same}\n\n`.repeat(sentences)}`)
}

test('narrate into an .m4b writes the whole book at the end; the same again is the same', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'The Ferryman.txt'), longStory(3, 3))
  const args = ['narrate', 'The Ferryman.txt', '--out', 'out/book.m4b', ...voice]
  const { code, out } = await Command.run(args, folder.path)
  expect({ code, out }).toEqual({ code: 0, out: 'out/book.m4b\n' })
  const bytes = await readFile(join(folder.path, 'out', 'book.m4b'))
  const { samples, tags } = demux(bytes)
  expect(samples.length).toBeGreaterThan(3 * 24_000)
  expect(tags).toMatchObject({ title: 'The Ferryman' })
  expect(tags).not.toHaveProperty('comment')
  expect(await readdir(join(folder.path, 'out'))).toEqual(['book.m4b'])
  expect((await Command.run(args, folder.path)).code).toBe(0)
  expect((await readFile(join(folder.path, 'out', 'book.m4b'))).equals(bytes)).toBe(true)

  // The novel can be called by words of its title; standard output gives the same bytes.
  const named = await Command.run(['export', 'ferry', '--out', 'again.m4b', ...voice], folder.path)
  expect(named).toMatchObject({ code: 0, out: 'again.m4b\n' })
  expect((await readFile(join(folder.path, 'again.m4b'))).equals(bytes)).toBe(true)
  expect(
    (await Command.bytes(['export', 'ferryman', '--out', '-', ...voice], folder.path)).equals(bytes),
  ).toBe(true)
})

test('what has to be recorded first is waited for, and subtitles go to standard output', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'The Ferryman.txt'), longStory(2, 2))
  expect((await Command.run(['narrate', 'The Ferryman.txt', ...voice], folder.path)).code).toBe(0)
  const zip = await Command.run(['export', 'ferryman', '--format', 'mp3', ...voice], folder.path)
  expect(zip).toMatchObject({ code: 0, out: 'The Ferryman.mp3.zip\n' })
  const bytes = await readFile(join(folder.path, 'The Ferryman.mp3.zip'))
  expect(bytes.toString('latin1', 0, 4)).toBe('PK\u0003\u0004')
  const said = await Command.run(
    ['export', 'ferryman', '--format', 'vtt', '--out', '-', ...voice],
    folder.path,
  )
  expect(said.code).toBe(0)
  expect(said.out).toMatch(/^WEBVTT\n\n[^]* --> [^]*Thomas/)
})

test('what cannot be exported is one sentence and exit code 1', { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder()
  for (const [name, chapters] of [
    ['The Ferryman.txt', 1],
    ['The Ferry.txt', 2],
  ] as const) {
    await writeFile(join(folder.path, name), longStory(chapters, 2))
    expect((await Command.run(['import', name], folder.path)).code).toBe(0)
  }
  for (const [args, word] of [
    [['Nobody'], 'Nobody'],
    [['ferry', '--format', 'cassette'], 'called ferry'],
    [['ferryman', '--format', 'cassette'], 'm4b'],
    [['ferryman'], 'Generate it'],
    [['ferryman', '--part', 'half'], '2/4'],
    [['ferryman', '--out', '.'], 'folder'],
    [['ferryman', '--voice', 'odd:nobody'], 'odd:nobody'],
  ] as const) {
    const { code, out, err } = await Command.run(['export', ...args], folder.path)
    expect({ args, code, out }).toEqual({ args, code: 1, out: '' })
    expect(err.trim()).toMatch(sentence)
    expect(err).toContain(word)
  }
  expect((await Command.run(['export'], folder.path)).code).toBe(2)
})

test(
  'the server killed during an export: the same command goes on where it ended',
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder()
    const server = await ServerProcess.start({ data: folder.path, speakers: 1 })
    const { novel } = await server.add(longAndTheSame(800), 'The Ferryman.txt')
    await server.finished(await server.generate(novel.id, undefined, { voice: 'espeak:en-us' }))
    const whole = Buffer.from(
      await (await server.fetch(`/api/novels/${novel.id}/book.m4b?voice=espeak:en-us`)).bytes(),
    )
    const target = join(folder.path, 'book.m4b')
    const part = `${target}.part`
    const sizeOf = async (path: string) => (await stat(path).catch(() => undefined))?.size ?? 0
    const args = ['export', novel.id, '--out', target, ...voice]
    const command = new Command(args, folder.path)
    await until(async () => (await sizeOf(part)) > 0)
    await server.kill()
    const { code, err } = await command.ended
    expect(code).toBe(1)
    expect(err).toContain('goes on from there')
    const { size, ino } = await stat(part)
    expect(size).toBeGreaterThan(0)
    expect(size).toBeLessThan(whole.length)

    const again = await Command.run(args, folder.path)
    expect(again).toMatchObject({ code: 0, out: `${target}\n` })
    expect((await readFile(target)).equals(whole)).toBe(true)
    expect((await stat(target)).ino).toBe(ino)
    expect((await readdir(folder.path)).filter((name) => name.includes('.part'))).toEqual([])
  },
)

test('a part of an older state of the book is not gone on with', { timeout: 60_000 }, async () => {
  await using folder = await temporaryFolder()
  await using server = await ServerProcess.start({ data: folder.path, speakers: 1 })
  const { novel } = await server.add(longStory(2, 3), 'The Ferryman.txt')
  const sound = { voice: 'espeak:en-us' }
  await server.finished(await server.generate(novel.id, [1], sound))
  const address = `/api/novels/${novel.id}/book.m4b?voice=espeak:en-us`
  const early = await server.fetch(address)
  const target = join(folder.path, 'book.m4b')
  await writeFile(`${target}.part`, (await early.bytes()).subarray(0, 5_000))
  await writeFile(`${target}.part.version`, early.headers.get('etag') ?? '')
  const args = ['export', novel.id, '--out', target, ...voice]
  await server.finished(await server.generate(novel.id, [2], sound))
  expect((await Command.run(args, folder.path)).code).toBe(0)
  const whole = Buffer.from(await (await server.fetch(address)).bytes())
  expect((await readFile(target)).equals(whole)).toBe(true)

  // Killed after the last byte, before the file had its name.
  await writeFile(`${target}.part`, whole)
  await writeFile(`${target}.part.version`, (await server.fetch(address)).headers.get('etag') ?? '')
  expect((await Command.run(args, folder.path)).code).toBe(0)
  expect((await readFile(target)).equals(whole)).toBe(true)
})
