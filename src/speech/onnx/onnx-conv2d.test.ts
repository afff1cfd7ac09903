import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Tensor as OnnxTensor } from 'onnxruntime-node'
import { afterAll, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { normalNoise } from '../seeded-noise.ts'
import { conv2dRewriting } from './onnx-conv2d.ts'
import { readGraph } from './onnx-graph.ts'
import { onnxRuntime, openNetwork } from './onnx-network.ts'
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

const { InferenceSession, Tensor } = await onnxRuntime()

const joe = fileURLToPath(new URL('../../../../shared/voices/joe/en_US-joe-medium.onnx', import.meta.url))

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

function modelOf(opset: number, nodes: readonly Uint8Array[], output = 'output'): Buffer {
  const weight = (name: string, ...dimensions: number[]) => {
    const values = normalNoise(
      dimensions.reduce((product, size) => product * size, 1),
      name,
    )
    return initializerField(name, tensorMessage(values, dimensions))
  }
  return Buffer.concat([
    varintField(1, 8),
    lengthField(8, lengthField(1, ''), varintField(2, opset)),
    graphField(
      ...nodes,
      weight('first', 8, 4, 5),
      weight('first bias', 8),
      weight('up', 8, 4, 4),
      weight('second', 4, 4, 3),
      weight('last', 1, 4, 7),
      initializerField('two', tensorMessage(Float32Array.of(2), [])),
      initializerField('row', tensorMessage(BigInt64Array.of(-1n))),
      lengthField(2, 'decoderNodes'),
      inputField('frames', elementType.float32, [1, 4, 'time']),
      outputField(output, elementType.float32, ['a', 'b', 'c']),
    ),
  ])
}

/** A small network like the end of Piper's: frames, convolutions, three times as many samples. */
const decoderNodes = [
  nodeField('Conv', ['frames', 'first', 'first bias'], ['a'], {
    kernel_shape: { ints: [5] },
    pads: { ints: [4, 4] },
    dilations: { ints: [2] },
  }),
  nodeField('LeakyRelu', ['a'], ['b'], { alpha: { float: 0.1 } }),
  nodeField('ConvTranspose', ['b', 'up'], ['c'], {
    kernel_shape: { ints: [4] },
    strides: { ints: [3] },
    pads: { ints: [1, 0] },
    output_padding: { ints: [1] },
  }),
  nodeField('LeakyRelu', ['c'], ['d']),
  nodeField('Conv', ['d', 'second'], ['e'], { kernel_shape: { ints: [3] }, pads: { ints: [1, 1] } }),
  nodeField('Add', ['e', 'c'], ['f']),
  nodeField('Div', ['f', 'two'], ['g']),
  nodeField('Conv', ['g', 'last'], ['h'], { kernel_shape: { ints: [7] }, pads: { ints: [3, 3] } }),
  nodeField('Tanh', ['h'], ['output']),
]

async function both(model: Buffer, feeds: Readonly<Record<string, OnnxTensor>>) {
  const path = join(folder.path, 'decoderNodes.onnx')
  await writeFile(path, model)
  const plain = await InferenceSession.create(path, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const wide = await openNetwork(path, createHash('sha256').update(model).digest('hex'))
  const noise = wide.noises.map(
    ({ name }) => [name, new Tensor('float32', new Float32Array(9), [9])] as const,
  )
  const [one, other] = [
    await plain.run(feeds),
    await wide.session.run({ ...feeds, ...Object.fromEntries(noise) }),
  ]
  await plain.release()
  await wide.session.release()
  return [one['output']!, other['output']!] as const
}

function largestDifference(one: OnnxTensor, other: OnnxTensor): number {
  const values = other.data as Float32Array
  return (one.data as Float32Array).reduce(
    (most, value, at) => Math.max(most, Math.abs(value - values[at]!)),
    0,
  )
}

const frames = new Tensor('float32', normalNoise(4 * 50, 'frames'), [1, 4, 50])

test.each([
  ['as it is', 'output', []],
  ['in other dimensions', 'shaped', [nodeField('Unsqueeze', ['shaped', 'row'], ['output'])]],
])('the samples are the same with an output %s', async (_, name, ending) => {
  const nodes = [...decoderNodes.slice(0, -1), nodeField('Tanh', ['h'], [name]), ...ending]
  const model = modelOf(15, nodes)
  const graph = readGraph(model)
  const { node } = conv2dRewriting(graph)
  expect(graph.nodes.filter((one) => node?.(one) !== undefined)).toHaveLength(decoderNodes.length)
  const [plain, wide] = await both(model, { frames })
  expect(wide.dims).toEqual(plain.dims)
  expect(plain.data).toHaveLength(151)
  expect(largestDifference(plain, wide)).toBeLessThan(1e-4)
})

test.each([
  ['that is too old', 11, decoderNodes],
  [
    'that adds a number for each sample',
    15,
    [...decoderNodes.slice(0, -1), nodeField('Add', ['h', 'frames'], ['output'])],
  ],
  ['without convolutions', 15, [nodeField('Tanh', ['frames'], ['output'])]],
  [
    'whose convolution finds its own padding',
    15,
    [
      nodeField('Conv', ['frames', 'last'], ['h'], { auto_pad: { text: 'SAME_UPPER' } }),
      nodeField('Tanh', ['h'], ['output']),
    ],
  ],
])('a model %s is not rewritten', (_, opset, nodes) => {
  expect(conv2dRewriting(readGraph(modelOf(opset, nodes)))).toEqual({ additions: [] })
})

test('a tensor that is used elsewhere keeps its dimensions, and the nodes after it are still rewritten', async () => {
  const nodes = [
    nodeField('Conv', ['frames', 'first', 'first bias'], ['a'], { pads: { ints: [2, 2] } }),
    nodeField('Shape', ['a'], ['dimensions']),
    nodeField('ConstantOfShape', ['dimensions'], ['zeros']),
    nodeField('Add', ['a', 'zeros'], ['b']),
    nodeField('ConvTranspose', ['b', 'up'], ['c']),
    nodeField('Tanh', ['c'], ['output']),
  ]
  const model = modelOf(15, nodes)
  const graph = readGraph(model)
  const { node } = conv2dRewriting(graph)
  expect(graph.nodes.filter((one) => node?.(one)).map(({ operation }) => operation)).toEqual([
    'ConvTranspose',
    'Tanh',
  ])
  const [plain, wide] = await both(model, { frames })
  expect(largestDifference(plain, wide)).toBeLessThan(1e-4)
})

test.skipIf(!existsSync(joe))('Joe gives the same samples (needs ../shared/voices)', async () => {
  const ids = BigInt64Array.from({ length: 61 }, (_, at) => (at % 2 === 0 ? BigInt(14 + at) : 0n))
  const [plain, wide] = await both(readFileSync(joe), {
    input: new Tensor('int64', ids, [1, ids.length]),
    input_lengths: new Tensor('int64', BigInt64Array.of(BigInt(ids.length)), [1]),
    scales: new Tensor('float32', Float32Array.of(0, 1, 0), [3]),
  })
  expect(wide.dims).toEqual(plain.dims)
  expect(largestDifference(plain, wide)).toBeLessThan(1e-4)
})
