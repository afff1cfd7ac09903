import { attributesOf, type GraphNode, type OnnxGraph, type Rewriting } from './onnx-graph.ts'
import { initializerField, nodeField, nodeWithAttributes, tensorMessage } from './onnx-writer.ts'
import { fieldHead, fieldsOf, lengthField, varintField } from './protobuf.ts'

/** The first opset in which Squeeze and Unsqueeze take their axes as an input. */
const leastOpset = 13
const axis = 'nightjar/height'
const tensorDimensions = 1
const initializer = 5

const convolutions = new Set(['Conv', 'ConvTranspose'])
/** Element-wise operations on one tensor, independent of dimensions. */
const unaryOperations = new Set(['LeakyRelu', 'Relu', 'Tanh'])
/** Element-wise operations on two tensors. */
const binaryOperations = new Set(['Add', 'Sub', 'Mul', 'Div'])
/** Operations that change dimensions but no values. */
const shapeOperations = new Set(['Unsqueeze', 'Squeeze', 'Reshape', 'Identity'])
/** Values of a convolution's attributes for the added dimension, before those of the existing one. */
const inHeight: Readonly<Record<string, number>> = {
  dilations: 1,
  kernel_shape: 1,
  strides: 1,
  output_padding: 0,
}

const nothing: Rewriting = { additions: [] }

/**
 * Rewrites 1-D convolutions as 2-D convolutions of height 1, for which the runtime has its fastest kernels; all values
 * stay the same. Joe took 15 % less CPU. It applies to the nodes from which convolutions and element-wise operations
 * lead to the outputs and nowhere else; if there are none, nothing changes.
 */
export function conv2dRewriting(graph: OnnxGraph): Rewriting {
  if (graph.opset < leastOpset) return nothing
  const leaves = outputTensors(graph)
  const part = convolutionalPart(graph, leaves)
  const produced = new Set(part.map(({ outputs }) => outputs[0] ?? ''))
  const weights = new Set(part.filter(isConvolution).map(({ inputs }) => inputs[1] ?? ''))
  if (weights.size === 0) return nothing
  const wide = (name: string) => `nightjar/wide/${name}`
  const widened = new Set<string>()
  const fields = new Map<string, Uint8Array>()
  for (const node of part) {
    const [first = '', ...rest] = node.inputs
    const [output = ''] = node.outputs
    const parts: Uint8Array[] = []
    if (!produced.has(first) && isConvolution(node) && !widened.has(first)) {
      widened.add(first)
      parts.push(nodeField('Unsqueeze', [first, axis], [wide(first)]))
    }
    const inputs = isConvolution(node)
      ? [wide(first), ...rest]
      : node.inputs.map((name) => (produced.has(name) ? wide(name) : name))
    parts.push(nodeWithAttributes(node.operation, inputs, [wide(output)], conv2dAttributes(node)))
    if (leaves.has(output)) parts.push(nodeField('Squeeze', [wide(output), axis], [output]))
    fields.set(output, Buffer.concat(parts))
  }
  return {
    node: ({ outputs }) => fields.get(outputs[0] ?? ''),
    weight: (name, bytes) =>
      weights.has(name) ? conv2dWeight(bytes, graph.weights.get(name) ?? []) : undefined,
    additions: [initializerField(axis, tensorMessage(BigInt64Array.of(2n)))],
  }
}

/** The outputs, and the tensors that become outputs through shape operations alone. */
function outputTensors({ nodes, outputs }: OnnxGraph): Set<string> {
  const outputNames = new Set(outputs)
  const last = nodes.filter(
    ({ operation, outputs: [output = ''] }) => shapeOperations.has(operation) && outputNames.has(output),
  )
  return new Set([...outputNames, ...last.map(({ inputs }) => inputs[0] ?? '')])
}

/** The nodes to rewrite, in the graph's order. */
function convolutionalPart({ nodes, weights, outputs }: OnnxGraph, leaves: ReadonlySet<string>): GraphNode[] {
  const outputNames = new Set(outputs)
  const isLast = ({ operation, outputs: [output = ''] }: GraphNode) =>
    shapeOperations.has(operation) && outputNames.has(output)
  const users = new Map<string, GraphNode[]>()
  for (const node of nodes) {
    for (const name of node.inputs) users.set(name, [...(users.get(name) ?? []), node])
  }
  const single = new Set(nodes.filter(isSingleConstant).flatMap((node) => node.outputs))
  for (const [name, dimensions] of weights) if (dimensions.length === 0) single.add(name)
  let part = nodes.filter((node) => fits(node, weights))
  for (;;) {
    const members = new Set(part)
    const produced = new Set(part.map((node) => node.outputs[0] ?? ''))
    const staying = part.filter((node) => {
      const [output = ''] = node.outputs
      const consumers = users.get(output) ?? []
      if (!consumers.every((user) => members.has(user) || isLast(user))) return false
      if (consumers.length === 0 && !leaves.has(output)) return false
      if (isConvolution(node)) {
        return (users.get(node.inputs[1] ?? '') ?? []).every(
          (user) => members.has(user) && isConvolution(user),
        )
      }
      const known = node.inputs.filter((name) => produced.has(name))
      return known.length > 0 && node.inputs.every((name) => produced.has(name) || single.has(name))
    })
    if (staying.length === part.length) return part
    part = staying
  }
}

function fits(node: GraphNode, weights: OnnxGraph['weights']): boolean {
  if (unaryOperations.has(node.operation) || binaryOperations.has(node.operation)) return true
  if (!isConvolution(node) || weights.get(node.inputs[1] ?? '')?.length !== 3) return false
  return attributesOf(node).every(
    ({ name, text, ints }) => (name !== 'auto_pad' || text === 'NOTSET') && ints.every(Number.isSafeInteger),
  )
}

function isConvolution({ operation }: GraphNode): boolean {
  return convolutions.has(operation)
}

/** A scalar constant, which broadcasts to any dimensions. */
function isSingleConstant(node: GraphNode): boolean {
  if (node.operation !== 'Constant') return false
  return attributesOf(node).some(({ name, dimensions }) => name === 'value' && dimensions?.length === 0)
}

function conv2dAttributes(node: GraphNode): Uint8Array[] {
  return attributesOf(node).map(({ name, ints, bytes }) => {
    const height = inHeight[name]
    const wider =
      name === 'pads'
        ? [0, ints[0] ?? 0, 0, ints[1] ?? 0]
        : height === undefined
          ? undefined
          : [height, ...ints]
    if (wider === undefined || !isConvolution(node)) return lengthField(5, bytes)
    return lengthField(
      5,
      lengthField(1, name),
      ...wider.map((int) => varintField(8, int)),
      varintField(20, 7),
    )
  })
}

/** Reshapes a weight of outputs × inputs × width to outputs × inputs × 1 × width, without copying its values. */
function conv2dWeight(
  bytes: Uint8Array,
  [outputs = 0, inputs = 0, width = 0]: readonly number[],
): Uint8Array[] {
  const others = [...fieldsOf(bytes)]
    .filter(({ number }) => number !== tensorDimensions)
    .map(({ start, end }) => bytes.subarray(start, end))
  const dimensions = [outputs, inputs, 1, width].map((size) => varintField(tensorDimensions, size))
  const parts = [...dimensions, ...others]
  return [
    fieldHead(
      initializer,
      parts.reduce((sum, part) => sum + part.length, 0),
    ),
    ...parts,
  ]
}
