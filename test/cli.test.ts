import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { demux } from './fixtures/demuxed.ts'
import { longStory } from './fixtures/long-story.ts'
import { Command } from './program/cli-process.ts'
import { freePort } from './program/free-port.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

const voice = ['--voice', 'espeak:en-us']
const sentence = /^[^\n]+[.]$/

async function folderWith(book: Uint8Array) {
  const folder = await temporaryFolder()
  await writeFile(join(folder.path, 'The Ferryman.txt'), book)
  return folder
}

async function spokenFiles(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.m4a')).toSorted()
}

test('help is shown when it is asked for; what nobody knows is misuse', async () => {
  await using folder = await temporaryFolder()
  const help = await Command.run(['--help'], folder.path)
  expect(help).toMatchObject({ code: 0, err: '' })
  for (const verb of ['serve', 'import', 'narrate', 'export', 'voices', 'status'])
    expect(help.out).toContain(verb)
  for (const args of [['sing'], [], ['narrate'], ['import'], ['narrate', '--loud', 'x.txt']]) {
    const { code, out, err } = await Command.run(args, folder.path)
    expect({ args, code, out }).toEqual({ args, code: 2, out: '' })
    expect(err).toContain('nightjar narrate FILE')
  }
  expect(await readdir(folder.path)).toEqual([])
})

test('voices of a language are listed, the default is marked, an unknown language is an error', async () => {
  await using folder = await temporaryFolder()
  const vietnamese = await Command.run(['voices', 'vi'], folder.path)
  expect(vietnamese).toMatchObject({ code: 0, err: '' })
  expect(vietnamese.out).toMatch(/^espeak:vi\S*\s/m)
  expect(vietnamese.out).toMatch(/^espeak:vi .*default/m)
  const none = await Command.run(['voices', 'qqq'], folder.path)
  expect(none.code).toBe(1)
  expect(none.err.trim()).toMatch(sentence)
})

test('import says what was found; what is no book is one sentence, and the others come in', async () => {
  await using folder = await folderWith(longStory(2, 3))
  await writeFile(join(folder.path, 'no book.pdf'), '%PDF-1.7')
  const files = ['no book.pdf', 'missing.epub', 'The Ferryman.txt']
  const { code, out, err } = await Command.run(['import', ...files], folder.path)
  expect(code).toBe(1)
  expect(out).toContain('2 chapters')
  const complaints = err.trim().split('\n')
  expect(complaints).toHaveLength(2)
  for (const complaint of complaints) expect(complaint).toMatch(sentence)
  const again = await Command.run(['import', 'The Ferryman.txt'], folder.path)
  expect(again).toMatchObject({ code: 0, err: '', out })
  expect((await Command.run(['status'], folder.path)).out).toMatch(/nothing/i)
})

test('narrate speaks the wanted chapters into a folder, and status tells of it', async () => {
  await using folder = await folderWith(longStory(3, 3))
  const args = ['narrate', 'The Ferryman.txt', '--chapters', '1-2', '--out', 'spoken', ...voice]
  const { code, out } = await Command.run(args, folder.path)
  expect(code).toBe(0)
  expect(out).toContain('2 chapters')
  const spoken = join(folder.path, 'spoken')
  const names = await spokenFiles(spoken)
  expect(names.map((name) => name.slice(0, 14))).toEqual(['0001 Chapter 1', '0002 Chapter 2'])
  for (const name of names) {
    const { samples } = demux(await readFile(join(spoken, name)))
    expect(samples.length).toBeGreaterThan(24_000)
  }
  const status = await Command.run(['status'], folder.path)
  expect(status.out).toMatch(/^[0-9a-f-]{36} {2}completed {2}100 %/)
  const one = await Command.run(['status', status.out.slice(0, 36)], folder.path)
  expect(one.out).toMatch(/1 {2}(\d+)\/\1 {2}completed {2}Chapter 1/)
  expect(await Command.run(['status', '01990000-0000-7000-8000-000000000000'], folder.path)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/no generation/),
  })
})

test('narrate, killed in the middle and run again, goes on and finishes', async () => {
  await using folder = await folderWith(longStory(3, 15))
  const spoken = join(folder.path, 'spoken')
  const args = ['narrate', 'The Ferryman.txt', '--out', spoken, ...voice]
  const first = new Command(args, folder.path)
  await waitUntil(async () => (await spokenFiles(spoken)).length > 0)
  await first.kill()
  const before = await spokenFiles(spoken)
  const bytes = await readFile(join(spoken, before[0] ?? ''))
  const second = await Command.run(args, folder.path)
  expect(second.code).toBe(0)
  const after = await readdir(spoken)
  expect(after.map((name) => name.slice(0, 4)).toSorted()).toEqual(['0001', '0002', '0003'])
  expect(after.filter((name) => !name.endsWith('.m4a'))).toEqual([])
  expect((await readFile(join(spoken, before[0] ?? ''))).equals(bytes)).toBe(true)
})

test('what cannot be narrated is one sentence and exit code 1', async () => {
  await using folder = await folderWith(longStory(2, 2))
  for (const [args, word] of [
    [['missing.epub'], 'missing.epub'],
    [['The Ferryman.txt', '--voice', 'odd:nobody'], 'odd:nobody'],
    [['The Ferryman.txt', '--chapters', '9'], '9'],
    [['The Ferryman.txt', '--chapters', 'all'], 'all'],
    [['The Ferryman.txt', '--speed', '7'], '7'],
  ] as const) {
    const { code, out, err } = await Command.run(['narrate', ...args], folder.path)
    expect({ args, code, out }).toEqual({ args, code: 1, out: '' })
    expect(err.trim()).toMatch(sentence)
    expect(err).toContain(word)
  }
})

test('with a server on the folder, commands ask it; a file that a killed one left misleads nobody', async () => {
  await using folder = await folderWith(longStory(1, 3))
  await using elsewhere = await temporaryFolder()
  const port = String(await freePort())
  const server = await ServerProcess.start({ data: folder.path, settings: { PORT: port } })
  expect((await Command.run(['import', 'The Ferryman.txt'], folder.path)).code).toBe(0)
  expect(await server.json('/api/novels')).toMatchObject({ novels: [{ chapterCount: 1 }] })
  await server.kill()
  // Another Nightjar, on another folder, is where the killed one was.
  await using other = await ServerProcess.start({ data: elsewhere.path, settings: { PORT: port } })
  await writeFile(join(folder.path, 'second.txt'), longStory(2, 2))
  expect((await Command.run(['import', 'second.txt'], folder.path)).code).toBe(0)
  expect(await other.json('/api/novels')).toMatchObject({ novels: [] })
})
