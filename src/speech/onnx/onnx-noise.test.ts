import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { type OnnxNetwork, openNetwork } from './onnx-network.ts'
import {
  elementType,
  graphField,
  initializerField,
  inputField,
  nodeField,
  outputField,
  tensorMessage,
} from './onnx-writer.ts'
import { lengthField, varintField } from './protobuf.ts'

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

/** A model of random nodes, with their values as outputs. */
async function opened(opset: number, nodes: readonly Uint8Array[], outputs: readonly string[]) {
  const file = Buffer.concat([
    varintField(1, 8),
    lengthField(8, lengthField(1, ''), varintField(2, opset)),
    graphField(
      ...nodes,
      initializerField('six', tensorMessage(new Float32Array(6), [2, 3])),
      lengthField(2, 'drawing'),
      inputField('like', elementType.float32, ['rows', 'columns']),
      ...outputs.map((name) => outputField(name, elementType.float32, ['rows', 'columns'])),
    ),
  ])
  const path = join(folder.path, 'drawing.onnx')
  await writeFile(path, file)
  return openNetwork(path, createHash('sha256').update(file).digest('hex'))
}

/** The model's outputs, with 0, 1, 2 … as its noise inputs. */
async function drawn(
  { session, Tensor, noises }: OnnxNetwork,
  length: number,
): Promise<Record<string, number[]>> {
  const counting = Float32Array.from({ length }, (_, at) => at)
  const outputs = await session.run({
    like: new Tensor('float32', new Float32Array(8), [2, 4]),
    ...Object.fromEntries(noises.map(({ name }) => [name, new Tensor('float32', counting, [length])])),
  })
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, [...(data as Float32Array)]]),
  )
}

const counted = (from: number, count: number, factor = 1, offset = 0) =>
  Array.from({ length: count }, (_, at) => (from + at) * factor + offset)

test.each([10, 13, 17, 21])('in opset %d every random node is a slice of an input', async (opset) => {
  const shape = { shape: { ints: [3, 2] } }
  const network = await opened(
    opset,
    [
      nodeField('RandomNormalLike', ['like'], ['normal like']),
      nodeField('RandomUniformLike', ['six'], ['uniform like'], { low: { float: -1 }, high: { float: 3 } }),
      nodeField('RandomNormal', [], ['normal'], { ...shape, mean: { float: 5 }, scale: { float: 2 } }),
      nodeField('RandomUniform', [], ['uniform'], shape),
      nodeField('RandomNormalLike', ['like'], ['last'], { dtype: { int: 1 }, seed: { float: 7 } }),
    ],
    ['normal like', 'uniform like', 'normal', 'uniform', 'last'],
  )
  expect(network.noises.map(({ distribution }) => distribution)).toEqual(['normal', 'uniform'])
  expect(network.inputs).toEqual(['like'])
  expect(await drawn(network, 100)).toEqual({
    'normal like': counted(0, 8),
    normal: counted(8, 6, 2, 5),
    last: counted(14, 8),
    'uniform like': counted(0, 6, 4, -1),
    uniform: counted(6, 6),
  })
  await network.session.release()
})

test('noise that does not suffice is repeated', async () => {
  const nodes = [
    nodeField('RandomNormalLike', ['like'], ['first']),
    nodeField('RandomNormalLike', ['like'], ['second']),
  ]
  const network = await opened(15, nodes, ['first', 'second'])
  expect(await drawn(network, 5)).toEqual({
    first: [0, 1, 2, 3, 4, 0, 1, 2],
    second: [3, 4, 0, 1, 2, 3, 4, 0],
  })
  expect(await drawn(network, 16)).toEqual({ first: counted(0, 8), second: counted(8, 8) })
  await network.session.release()
})

test('a model without random nodes has no noise inputs', async () => {
  const network = await opened(15, [nodeField('Identity', ['like'], ['same'])], ['same'])
  expect(network.noises).toEqual([])
  expect(await drawn(network, 1)).toEqual({ same: counted(0, 8, 0) })
  await network.session.release()
})
