import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { demux } from '../fixtures/demuxed.ts'
import { longStory } from '../fixtures/long-story.ts'
import { Command } from '../program/cli-process.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'

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

test('narrate into an .m4b holds the chapters that were asked for, and so does an export', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'The Ferryman.txt'), longStory(4, 3))
  const narrate = async (chapters: string, out: string): Promise<Buffer> => {
    const args = ['narrate', 'The Ferryman.txt', '--chapters', chapters, '--out', out, ...voice]
    expect(await Command.run(args, folder.path)).toMatchObject({ code: 0, out: `${out}\n` })
    return readFile(join(folder.path, out))
  }
  await narrate('4', 'last.m4b')
  const bytes = await narrate('1-2', 'first.m4b')
  expect(demux(bytes).tags).toMatchObject({ title: 'The Ferryman', comment: 'Chapters 1–2 of 4' })
  const args = ['export', 'ferryman', '--chapters', '2,1', '--out', '-', ...voice]
  expect((await Command.bytes(args, folder.path)).equals(bytes)).toBe(true)
  const { code, out, err } = await Command.run(
    ['export', 'ferryman', '--chapters', '2-4', ...voice],
    folder.path,
  )
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^Chapter 3 cannot be taken along: 0 of its 4 segments .*\.\n$/)
  expect((await readdir(folder.path)).filter((name) => name.includes('.m4b')).toSorted()).toEqual([
    'first.m4b',
    'last.m4b',
  ])
})

test('a chapter in which a segment was set aside is not in the book, and the others are', async () => {
  await using folder = await temporaryFolder()
  const odd = fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))
  await using _ = await ServerProcess.start({ data: folder.path, program: [odd] })
  const chapters = ['The lamp was lit.', 'He refuses to go.', 'Nobody saw it.', 'It rained.']
  const text = chapters.map((line, at) => `Chapter ${at + 1}\n\n${line}`).join('\n\n')
  await writeFile(join(folder.path, 'The Ferryman.txt'), text)
  const args = ['narrate', 'The Ferryman.txt', '--chapters', '1-3', '--voice', 'odd:hum', '--out', 'book.m4b']
  const { code, out, err } = await Command.run(args, folder.path)
  expect({ code, out }).toEqual({ code: 1, out: 'book.m4b\n' })
  expect(err).toContain('Set aside in chapter 2')
  const { tags } = demux(await readFile(join(folder.path, 'book.m4b')))
  expect(tags).toMatchObject({ comment: 'Chapters 1, 3 of 4' })
})

test('parts of a size are files beside each other, and a size that holds all is one file', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'The Ferryman.txt'), longStory(4, 3))
  const narrated = await Command.run(
    ['narrate', 'The Ferryman.txt', '--out', 'all.m4b', ...voice],
    folder.path,
  )
  expect(narrated.code).toBe(0)
  const all = await readFile(join(folder.path, 'all.m4b'))
  const kilobytes = Math.floor((all.length * 0.6) / 1000)
  const args = ['export', 'ferryman', '--part-size', `${kilobytes}kB`, '--out', 'out/book.m4b', ...voice]
  const names = ['book (1 of 2).m4b', 'book (2 of 2).m4b']
  for (const again of [false, true]) {
    // Of a run before, and not of this file.
    if (again) await writeFile(join(folder.path, 'out', `${names[1]}.part`), 'something else')
    const { code, out } = await Command.run(args, folder.path)
    expect({ code, out }).toEqual({ code: 0, out: names.map((name) => `out/${name}\n`).join('') })
    expect((await readdir(join(folder.path, 'out'))).toSorted()).toEqual(names)
    const parts = await Promise.all(names.map((name) => readFile(join(folder.path, 'out', name))))
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(kilobytes * 1000)
    expect(parts.map((part) => demux(part).tags['disc'])).toEqual(['1/2', '2/2'])
    const frames = parts.flatMap((part) => demux(part).frames)
    expect(Buffer.concat(frames).equals(Buffer.concat(demux(all).frames))).toBe(true)
  }
  const whole = await Command.run(['export', 'ferryman', '--part-size', '1GB', ...voice], folder.path)
  expect(whole).toMatchObject({ code: 0, out: 'The Ferryman.m4b\n' })
  expect((await readFile(join(folder.path, 'The Ferryman.m4b'))).equals(all)).toBe(true)
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

test('what cannot be exported is one sentence and exit code 1', async () => {
  await using folder = await temporaryFolder()
  // So each command need not start one of its own.
  await using _ = await ServerProcess.start({ data: folder.path, speakers: 1 })
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
    [['ferryman', '--part-size', '500'], '500MB'],
    [['ferryman', '--part-size', '1GB', '--part', '1/2'], 'choose one'],
    [['ferryman', '--part-size', '1GB', '--out', '-'], 'standard output'],
    [['ferryman', '--part-size', '1GB'], 'Generate it'],
    [['ferryman', '--chapters', 'all'], '1-3,7'],
    [['ferryman', '--chapters', '9'], 'no chapter 9'],
    [['ferryman', '--chapters', '1', '--format', 'mp3'], 'mp3 is of the whole novel'],
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

test('the server killed during an export: the same command goes on where it ended', async () => {
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
  let command = new Command(args, folder.path)
  for (;;) {
    await waitUntil(async () => (await sizeOf(part)) > 0 || (await sizeOf(target)) > 0)
    command.signal('SIGSTOP')
    const stopped = await sizeOf(part)
    if (stopped > 0 && stopped < whole.length) break
    // It was done before anybody had looked.
    command.signal('SIGCONT')
    await command.ended
    await rm(target)
    command = new Command(args, folder.path)
  }
  await server.kill()
  command.signal('SIGCONT')
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
})

test('who reads standard output may stop: the command ends without a word', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'The Ferryman.txt'), longAndTheSame(200))
  const book = join(folder.path, 'book.m4b')
  expect(
    (await Command.run(['narrate', 'The Ferryman.txt', '--out', book, ...voice], folder.path)).code,
  ).toBe(0)
  // Much more than a pipe holds.
  expect((await stat(book)).size).toBeGreaterThan(1e6)
  const command = new Command(['export', 'ferryman', '--out', '-', ...voice], folder.path)
  command.hangUp()
  expect(await command.ended).toMatchObject({ code: 141, err: '' })
})

test('a part of an older state of the book is not gone on with', async () => {
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
