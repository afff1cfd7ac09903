import { attributesOf, type GraphNode, type OnnxGraph, type Rewriting } from './onnx-graph.ts'
import { nodeWithAttributes } from './onnx-writer.ts'
import { tensorDimensions, tensorValues, withValues } from './onnx-tensor.ts'
import { byteLength, bytesOf, fieldHead, lengthField, textsOf } from './protobuf.ts'

const graphField = 7
const initializer = 5
const tensorName = 8
const nodeAttribute = 5

/** How a weight becomes floats: (w − zero) · scale, the scale of all of it, or of each index of one dimension. */
interface Quantization {
  readonly zero: string
  readonly scale: string
  /** Counted from the end if negative. */
  readonly axis: number
  /** The two last dimensions are exchanged: `DynamicQuantizeLSTM` keeps its weights so. */
  readonly transposed?: boolean
}

/**
 * Replaces the integer operations of a dynamically quantized model by those on floats, and their weights by floats:
 * measured with Kokoro, 1.5 instead of 1.04 seconds of speech per CPU second, since `ConvInteger` has no fast kernel.
 * What only the integer operations needed is removed. The other quantized weights (embeddings) stay.
 */
export function dequantizeRewriting(file: Uint8Array, graph: OnnxGraph): Rewriting {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  const users = usersOf(graph)
  const replacements = new Map<string, Replacement>()
  const weights = new Map<string, Quantization>()
  for (const node of graph.nodes) {
    const found =
      node.operation === 'DynamicQuantizeLSTM'
        ? floatLstm(node)
        : integerOperations.has(node.operation)
          ? floatProduct(node, makers, users)
          : undefined
    if (found === undefined) continue
    replacements.set(found.output, found)
    for (const [name, quantization] of found.weights) weights.set(name, quantization)
  }
  if (replacements.size === 0) return { additions: [] }
  const living = livingNodes(graph, makers, replacements)
  const constants = initializersOf(file)
  return {
    node: (node) => {
      const replacement = replacements.get(node.outputs[0] ?? '')
      if (replacement !== undefined) return replacement.field
      return living.has(node.outputs[0] ?? '') ? undefined : new Uint8Array()
    },
    weight: (name, bytes) => {
      const quantization = weights.get(name)
      return quantization && floatWeight(bytes, quantization, constants)
    },
    additions: [],
  }
}

const integerOperations = new Set(['ConvInteger', 'MatMulInteger'])

interface Replacement {
  /** The output that it makes in place of another node. */
  readonly output: string
  readonly field: Uint8Array
  readonly inputs: readonly string[]
  readonly weights: readonly (readonly [string, Quantization])[]
}

/**
 * Quantized: x → DynamicQuantizeLinear → ConvInteger or MatMulInteger → (Add of a quantized bias →) Cast → Mul by the
 * product of both scales. Throws an `Error` if the node is used otherwise.
 */
function floatProduct(
  node: GraphNode,
  makers: ReadonlyMap<string, GraphNode>,
  users: ReadonlyMap<string, readonly GraphNode[]>,
): Replacement {
  const [x = '', weight = '', , zero = ''] = node.inputs
  const quantizer = makers.get(x)
  let last = onlyUser(node, users)
  let bias: string | undefined
  if (last?.operation === 'Add') {
    bias = floatBias(last.inputs[1] ?? '', makers)
    last = onlyUser(last, users)
  }
  last = last?.operation === 'Cast' ? onlyUser(last, users) : undefined
  const scales = makers.get(last?.inputs[1] ?? '')
  if (
    quantizer?.operation !== 'DynamicQuantizeLinear' ||
    last?.operation !== 'Mul' ||
    scales?.operation !== 'Mul'
  )
    throw new Error('the model is quantized in a way that is not known')
  const scale = scales.inputs.find((name) => name !== quantizer.outputs[1]) ?? ''
  const inputs = [quantizer.inputs[0] ?? '', weight, ...(bias === undefined ? [] : [bias])]
  const output = last.outputs[0] ?? ''
  const isConvolution = node.operation === 'ConvInteger'
  const attributes = bytesOf(node.bytes, nodeAttribute).map((one) => lengthField(nodeAttribute, one))
  return {
    output,
    field: nodeWithAttributes(isConvolution ? 'Conv' : 'MatMul', inputs, [output], attributes),
    inputs,
    weights: [[weight, { zero, scale, axis: isConvolution ? 0 : -1 }]],
  }
}

/** `com.microsoft.DynamicQuantizeLSTM`: an LSTM whose weights are transposed and quantized for each direction. */
function floatLstm(node: GraphNode): Replacement {
  const inputs = node.inputs.slice(0, 8)
  const [, weight = '', recurrence = ''] = inputs
  const [scale = '', zero = '', recurrentScale = '', recurrentZero = ''] = node.inputs.slice(8)
  const attributes = attributesOf(node).map(({ bytes }) => lengthField(nodeAttribute, bytes))
  return {
    output: node.outputs[0] ?? '',
    field: nodeWithAttributes('LSTM', inputs, node.outputs, attributes),
    inputs,
    weights: [
      [weight, { zero, scale, axis: 0, transposed: true }],
      [recurrence, { zero: recurrentZero, scale: recurrentScale, axis: 0, transposed: true }],
    ],
  }
}

/** The float bias from which the integer one is made: Reshape of Cast of Floor of Div(bias, scales). */
function floatBias(name: string, makers: ReadonlyMap<string, GraphNode>): string {
  let maker = makers.get(name)
  while (maker && ['Reshape', 'Cast', 'Floor', 'Round'].includes(maker.operation))
    maker = makers.get(maker.inputs[0] ?? '')
  if (maker?.operation !== 'Div') throw new Error('the model is quantized in a way that is not known')
  return maker.inputs[0] ?? ''
}

function usersOf({ nodes }: OnnxGraph): Map<string, GraphNode[]> {
  const users = new Map<string, GraphNode[]>()
  for (const node of nodes) {
    for (const name of node.inputs) {
      const known = users.get(name)
      if (known) known.push(node)
      else users.set(name, [node])
    }
  }
  return users
}

function onlyUser(
  { outputs }: GraphNode,
  users: ReadonlyMap<string, readonly GraphNode[]>,
): GraphNode | undefined {
  const using = users.get(outputs[0] ?? '') ?? []
  return using.length === 1 ? using[0] : undefined
}

/** The first outputs of the nodes that the model's outputs still need. */
function livingNodes(
  { outputs }: OnnxGraph,
  makers: ReadonlyMap<string, GraphNode>,
  replacements: ReadonlyMap<string, Replacement>,
): Set<string> {
  const living = new Set<string>()
  const open = [...outputs]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const maker = makers.get(name)
    const first = maker?.outputs[0]
    if (maker === undefined || first === undefined || living.has(first)) continue
    living.add(first)
    open.push(...(replacements.get(first)?.inputs ?? maker.inputs))
  }
  return living
}

function initializersOf(file: Uint8Array): Map<string, Uint8Array> {
  return new Map(
    bytesOf(file, graphField)
      .flatMap((graph) => bytesOf(graph, initializer))
      .map((bytes) => [textsOf(bytes, tensorName)[0] ?? '', bytes]),
  )
}

function floatWeight(
  bytes: Uint8Array,
  { zero, scale, axis, transposed = false }: Quantization,
  constants: ReadonlyMap<string, Uint8Array>,
): Uint8Array[] {
  const values = tensorValues(bytes)
  const dimensions = tensorDimensions(bytes)
  const zeros = valuesOf(zero, constants) ?? Float32Array.of(0)
  const scales = valuesOf(scale, constants)
  if (scales === undefined) throw new Error('the model is quantized in a way that is not known')
  const along = axis < 0 ? dimensions.length + axis : axis
  const stride = dimensions.slice(along + 1).reduce((product, size) => product * size, 1)
  const count = dimensions[along] ?? 1
  for (let at = 0; at < values.length; at++) {
    const index = Math.floor(at / stride) % count
    const lower = zeros.length === 1 ? zeros[0]! : zeros[index]!
    values[at] = (values[at]! - lower) * (scales.length === 1 ? scales[0]! : scales[index]!)
  }
  const [floats, sizes] = transposed ? exchanged(values, dimensions) : [values, dimensions]
  const parts = withValues(bytes, floats, sizes)
  return [fieldHead(initializer, byteLength(parts)), ...parts]
}

function valuesOf(name: string, constants: ReadonlyMap<string, Uint8Array>): Float32Array | undefined {
  const bytes = constants.get(name)
  return bytes && tensorValues(bytes)
}

/** Exchanges the last two of three dimensions. */
function exchanged(
  values: Float32Array,
  [count = 1, rows = 1, columns = 1]: readonly number[],
): [Float32Array, number[]] {
  const out = new Float32Array(values.length)
  for (let one = 0; one < count; one++) {
    const from = one * rows * columns
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++)
        out[from + column * rows + row] = values[from + row * columns + column]!
    }
  }
  return [out, [count, columns, rows]]
}
