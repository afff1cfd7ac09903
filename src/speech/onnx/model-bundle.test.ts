import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { readBundled, readBundleHead, writeBundle } from './model-bundle.ts'

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

async function fileOf(name: string, bytes: Uint8Array): Promise<{ name: string; path: string }> {
  const path = join(folder.path, name)
  await writeFile(path, bytes)
  return { name, path }
}

test('files become one, in any order the same, and come out as they were', async () => {
  const [large, empty, small] = [
    await fileOf(
      'b.onnx',
      new Uint8Array(3_000_000).map((_, at) => at % 251),
    ),
    await fileOf('a.json', new Uint8Array()),
    await fileOf('c.npz', Buffer.from('{"not": "the head"}\n')),
  ]
  const [one, other] = [join(folder.path, 'one'), join(folder.path, 'other')]
  await writeBundle([large, empty, small], one)
  await writeBundle([small, large, empty], other)
  expect(Buffer.compare(await readFile(one), await readFile(other))).toBe(0)
  const head = (await readBundleHead(one))!
  expect([...head.keys()]).toEqual(['a.json', 'b.onnx', 'c.npz'])
  for (const { name, path } of [large, empty, small])
    expect(Buffer.compare(await readBundled(one, head.get(name)!), await readFile(path))).toBe(0)
})

test('another file is none, and one that is cut off is not whole', async () => {
  const part = await fileOf('d.onnx', new Uint8Array(100))
  expect(await readBundleHead(part.path)).toBeUndefined()
  const bundle = join(folder.path, 'cut')
  await writeBundle([part], bundle)
  await truncate(bundle, (await readFile(bundle)).length - 1)
  await expect(readBundleHead(bundle)).rejects.toThrow('the model is not whole')
})
