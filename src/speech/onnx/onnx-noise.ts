import { attributesOf, type GraphNode, type OnnxGraph, type Rewriting } from './onnx-graph.ts'
import { elementType, initializerField, inputField, nodeField, tensorMessage } from './onnx-writer.ts'

/** An input that replaces a model's own random numbers. Its values are used in order; any number may be given. */
export interface NoiseInput {
  readonly name: string
  /** Standard normal, or uniform from 0 to 1. */
  readonly distribution: Distribution
}

type Distribution = 'normal' | 'uniform'

interface NoiseRewriting extends Rewriting {
  readonly inputs: readonly NoiseInput[]
}

const distributions: Readonly<Record<string, Distribution>> = {
  RandomNormal: 'normal',
  RandomNormalLike: 'normal',
  RandomUniform: 'uniform',
  RandomUniformLike: 'uniform',
}
/** Names of the inputs. */
export const noiseInputs: Readonly<Record<Distribution, string>> = {
  normal: 'nightjar/normal',
  uniform: 'nightjar/uniform',
}

/** The first opset with the forms of Slice and Reshape written here. */
const leastOpset = 10

const [zero, one] = ['nightjar/0', 'nightjar/1']

/**
 * Replaces every random node by a slice of an extra input, which the caller fills from a seed: the runtime's generator
 * cannot be seeded per request, so the same text would never give the same samples twice. Nodes of one distribution
 * share one input, each taking the values after the previous node's. If the input is shorter than all of them need, it
 * is repeated. Nodes inside loops and branches are left alone: no voice has any there.
 */
export function noiseRewriting({ opset, nodes }: OnnxGraph): NoiseRewriting {
  const random = nodes.filter(({ operation }) => operation in distributions)
  if (opset < leastOpset || random.length === 0) {
    return { inputs: [], additions: [] }
  }
  const used = new Map<Distribution, string>()
  const inputs: NoiseInput[] = []
  const fields = new Map<string, Uint8Array>()
  for (const node of random) {
    const distribution = distributions[node.operation]!
    const input = noiseInputs[distribution]
    if (!used.has(distribution)) inputs.push({ name: input, distribution })
    const { field, end } = sliceInstead(node, input, used.get(distribution) ?? zero)
    fields.set(node.outputs[0] ?? '', field)
    used.set(distribution, end)
  }
  const constant = (name: string, value: bigint) =>
    initializerField(name, tensorMessage(BigInt64Array.of(value)))
  return {
    inputs,
    node: ({ operation, outputs }) => (operation in distributions ? fields.get(outputs[0] ?? '') : undefined),
    additions: [
      ...inputs.map(({ name }) => inputField(name, elementType.float32, [`${name} length`])),
      constant(zero, 0n),
      constant(one, 1n),
    ],
  }
}

/** The nodes that replace one random node, and the name of the end of its slice. */
function sliceInstead(
  node: GraphNode,
  input: string,
  start: string,
): { readonly field: Uint8Array; readonly end: string } {
  const { operation, inputs, outputs } = node
  const [[like = ''], [output = '']] = [inputs, outputs]
  const own = (part: string) => `nightjar/${output}/${part}`
  const attributes = new Map(attributesOf(node).map((attribute) => [attribute.name, attribute]))
  const float = (name: string, usual: number) => attributes.get(name)?.float ?? usual
  const [low, high] = [float('low', 0), float('high', 1)]
  const [offset, scale] =
    distributions[operation] === 'uniform' ? [low, high - low] : [float('mean', 0), float('scale', 1)]
  const constant = (name: string, tensor: Uint8Array) =>
    nodeField('Constant', [], [name], { value: { tensor } })
  const sizes = operation.endsWith('Like')
    ? [nodeField('Shape', [like], [own('shape')])]
    : [constant(own('shape'), tensorMessage(BigInt64Array.from(attributes.get('shape')?.ints ?? [], BigInt)))]
  return {
    end: own('end'),
    field: Buffer.concat([
      ...sizes,
      nodeField('ReduceProd', [own('shape')], [own('size')], { keepdims: { int: 1 } }),
      nodeField('Add', [start, own('size')], [own('end')]),
      // Repetitions of the input, usually one: the slice's end divided by the input's length, rounded up.
      nodeField('Shape', [input], [own('length')]),
      nodeField('Add', [own('end'), own('length')], [own('beyond')]),
      nodeField('Sub', [own('beyond'), one], [own('last')]),
      nodeField('Div', [own('last'), own('length')], [own('times')]),
      nodeField('Tile', [input, own('times')], [own('enough')]),
      nodeField('Slice', [own('enough'), start, own('end')], [own('flat')]),
      nodeField('Reshape', [own('flat'), own('shape')], [own('standard')]),
      constant(own('scale'), tensorMessage(Float32Array.of(scale), [])),
      constant(own('offset'), tensorMessage(Float32Array.of(offset), [])),
      nodeField('Mul', [own('standard'), own('scale')], [own('scaled')]),
      nodeField('Add', [own('scaled'), own('offset')], [own('float')]),
      nodeField('Cast', [own('float')], [output], {
        to: { int: attributes.get('dtype')?.int ?? elementType.float32 },
      }),
    ]),
  }
}
