import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import {
  audiobookshelfName,
  bookPath,
  findPlace,
  readMarker,
  removeBook,
  sweepAudiobookshelf,
  writeBook,
} from './audiobookshelf-folder.ts'

const novelId = '01990000-0000-7000-8000-000000000001'
const place = { author: 'Anna Bell', title: 'Salt' }

/** An audiobookshelf folder that others can write to, and a file outside of it that must stay untouched. */
async function folderWithNeighbour() {
  const here = await temporaryFolder()
  const [root, outside] = [join(here.path, 'audiobookshelf'), join(here.path, 'outside')]
  await mkdir(join(root, 'Anna Bell/Salt'), { recursive: true })
  await mkdir(outside)
  await writeFile(join(outside, 'precious'), 'kept')
  return { root, outside, [Symbol.asyncDispose]: () => here[Symbol.asyncDispose]() }
}

const marker = (more: object) =>
  JSON.stringify({ novelId, fingerprint: 'x', path: 'Anna Bell/Salt', files: { 'a.m4a': 'x' }, ...more })

const write = (root: string, path: string) =>
  writeBook(
    root,
    { novelId, fingerprint: 'new', path },
    {
      files: (async function* () {
        yield { name: '01.m4a', content: [Buffer.from('sound')] }
      })(),
      bytes: 10,
    },
    new AbortController().signal,
  )

test('a marker that names a file outside its folder is rejected, and nothing there is deleted', async () => {
  await using setup = await folderWithNeighbour()
  const { root, outside } = setup
  for (const name of ['../../../outside/precious', join(outside, 'precious'), '..', 'a/b', 'a\\b']) {
    await writeFile(join(root, 'Anna Bell/Salt/.nightjar.json'), marker({ files: { [name]: 'x' } }))
    expect(await readMarker(root, 'Anna Bell/Salt')).toBe('foreign')
    await removeBook(root, 'Anna Bell/Salt', novelId)
    expect(await readdir(outside)).toEqual(['precious'])
  }
})

test('the sweep does not restore a book to a path outside the root that its marker names', async () => {
  await using setup = await folderWithNeighbour()
  const { root, outside } = setup
  const aside = join(root, '.nightjar-old-01990000-0000-7000-8000-000000000000')
  for (const path of ['../outside/new', join(outside, 'new'), '../outside']) {
    await mkdir(aside)
    await writeFile(join(aside, '.nightjar.json'), marker({ path }))
    await sweepAudiobookshelf(root)
    expect(await readdir(outside)).toEqual(['precious'])
  }
  await symlink(outside, join(root, 'link'))
  await mkdir(aside)
  await writeFile(join(aside, '.nightjar.json'), marker({ path: 'link/new' }))
  await sweepAudiobookshelf(root)
  expect(await readdir(outside)).toEqual(['precious'])
})

test('symbolic links are not followed when reading, writing or deleting', async () => {
  await using setup = await folderWithNeighbour()
  const { root, outside } = setup
  await writeFile(join(outside, '.nightjar.json'), marker({ files: { precious: 'x' } }))
  await symlink(outside, join(root, 'Anna Bell/Pepper'))
  expect(await readMarker(root, 'Anna Bell/Pepper')).toBe('foreign')
  await removeBook(root, 'Anna Bell/Pepper', novelId)
  expect(await findPlace(root, { author: 'Anna Bell', title: 'Pepper' }, novelId)).toBe(
    'Anna Bell/Pepper (2)',
  )
  // The author's folder itself is a link.
  await symlink(outside, join(root, 'Carl Day'))
  await expect(write(root, 'Carl Day/Salt')).rejects.toThrow('Carl Day')
  // The marker is a link to a foreign file.
  await symlink(join(outside, '.nightjar.json'), join(root, 'Anna Bell/Salt/.nightjar.json'))
  expect(await readMarker(root, 'Anna Bell/Salt')).toBe('foreign')
  expect((await readdir(outside)).toSorted()).toEqual(['.nightjar.json', 'precious'])
  expect((await readdir(root)).toSorted()).toEqual(['Anna Bell', 'Carl Day'])
})

test('a foreign file in the place of an exported one is neither overwritten nor deleted', async () => {
  await using setup = await folderWithNeighbour()
  const { root, outside } = setup
  const path = await findPlace(root, { ...place, title: 'Tea' }, novelId)
  await write(root, path)
  const folder = join(root, path)
  await symlink(join(outside, 'precious'), join(folder, 'metadata.json'))
  await writeFile(
    join(folder, '.nightjar.json'),
    marker({ path, files: { '01.m4a': 'x', 'metadata.json': 'x' } }),
  )
  await write(root, path)
  expect(await readFile(join(outside, 'precious'), 'utf8')).toBe('kept')
  await removeBook(root, path, novelId)
  expect(await readdir(folder)).toEqual(['metadata.json'])
})

test.for([
  ['What is this? 1/2: "the" <end>', 'What is this 1 2 the end'],
  ['../../etc/passwd', 'etc passwd'],
  ['..', 'Untitled'],
  ['.hidden', 'hidden'],
  ['At the end...', 'At the end'],
  ['  two\n lines\u0000 ', 'two lines'],
  ['NUL', 'NUL_'],
  ['C:\\books', 'C books'],
  ['三國演義', '三國演義'],
  ['', 'Untitled'],
] as const)('%j becomes the name %j', ([title, name]) => {
  expect(audiobookshelfName(title)).toBe(name)
})

test('a long title is truncated at a grapheme boundary to a length that every file system accepts', () => {
  for (const character of ['e\u0301', '語', '👩‍👩‍👧', 'a']) {
    const name = audiobookshelfName(character.repeat(300))
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(180)
    expect(name).toBe(character.normalize('NFC').repeat(name.length / character.normalize('NFC').length))
  }
})

test('the path of a book is made of author, series and position, as far as they are known', () => {
  const [author, title] = ['Anna Bell', 'Salt']
  expect(bookPath({ author, title })).toBe('Anna Bell/Salt')
  expect(bookPath({ author, title }, 2)).toBe('Anna Bell/Salt (2)')
  expect(bookPath({ author: '', title, series: { name: 'The Sea' } })).toBe('Salt')
  expect(bookPath({ author, title, series: { name: 'The Sea' } })).toBe('Anna Bell/The Sea/Salt')
  for (const [position, place] of [
    ['2', '02 - '],
    ['12.5', '12.5 - '],
    ['II', ''],
    ['1 of 3', ''],
  ] as const) {
    const path = bookPath({ author, title, series: { name: 'The Sea', position } })
    expect(path).toBe(`Anna Bell/The Sea/${place}Salt`)
  }
})
