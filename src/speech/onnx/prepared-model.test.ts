import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type TinyPrecision, tinyKokoro, tinyStyles } from '../../../test/fixtures/tiny-kokoro.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { synthesizeKokoro } from '../engines/kokoro/kokoro-synthesis.ts'
import { parseStyleTable } from '../style-table.ts'
import { readGraph } from './onnx-graph.ts'
import { openNetwork } from './onnx-network.ts'
import { fileSha256, prepareModel } from './prepared-model.ts'

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

async function prepared(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder.path, name)
  await writeFile(path, bytes)
  await prepareModel(path)
  return path
}

const request = {
  ids: [0, 50, 60, 16, 70, 3, 80, 4, 0],
  style: parseStyleTable(tinyStyles(0.25)),
  speed: 1,
  seed: 'seed',
  marks: new Set([3, 4]),
  blanks: new Set([16]),
}

async function spoken(path: string): Promise<Float32Array> {
  const network = await openNetwork(path, await fileSha256(path))
  const { samples, seconds } = await synthesizeKokoro(network, request)
  expect(seconds).toHaveLength(request.ids.length)
  await network.session.release()
  return samples
}

test.each<TinyPrecision>(['half', 'integers'])(
  'a model stored in %s sounds as it does in single precision',
  async (precision) => {
    const single = await spoken(await prepared('single.onnx', tinyKokoro()))
    const other = await prepared(`${precision}.onnx`, tinyKokoro({ precision }))
    const file = await readFile(other)
    const operations = new Set(readGraph(file).nodes.map(({ operation }) => operation))
    expect([...operations].filter((name) => /Integer|Quantize/.test(name))).toEqual([])
    const samples = await spoken(other)
    expect(samples.length).toBe(single.length)
    const difference = samples.reduce((most, value, at) => Math.max(most, Math.abs(value - single[at]!)), 0)
    expect(difference).toBeLessThan(0.002)
  },
)

test('the same file becomes the same bytes, and stays as it is the second time', async () => {
  const path = await prepared('one.onnx', tinyKokoro({ precision: 'integers', noisy: true }))
  const again = await prepared('two.onnx', tinyKokoro({ precision: 'integers', noisy: true }))
  expect(await readFile(again)).toEqual(await readFile(path))
  const before = await fileSha256(path)
  await prepareModel(path)
  expect(await fileSha256(path)).toBe(before)
})

test('random numbers of the model come from the seed', async () => {
  const path = await prepared('noisy.onnx', tinyKokoro({ noisy: true }))
  const first = await spoken(path)
  expect(await spoken(path)).toEqual(first)
  expect(first).not.toEqual(await spoken(await prepared('quiet.onnx', tinyKokoro())))
})

test('a prepared file that has changed is refused', async () => {
  const path = await prepared('changed.onnx', tinyKokoro())
  await expect(openNetwork(path, '0'.repeat(64))).rejects.toThrow(/not the one that was installed/)
})
