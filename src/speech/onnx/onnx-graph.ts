import { byteLength, bytesOf, fieldHead, fieldsOf, numbersOf, spliceFields, textsOf } from './protobuf.ts'

/** The field numbers of onnx.proto3 that are needed. */
const model = { graph: 7, opset: 8 }
const graph = { node: 1, initializer: 5, input: 11, output: 12 }
const node = { input: 1, output: 2, operation: 4, attribute: 5 }
const attribute = { name: 1, float: 2, int: 3, text: 4, tensor: 5, ints: 8 }
const opset = { domain: 1, version: 2 }
const tensor = { dimensions: 1, name: 8 }
const valueName = 1

export interface GraphNode {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly operation: string
  /** The node's message. */
  readonly bytes: Uint8Array
}

export interface OnnxGraph {
  /** Opset of ONNX's standard operators. */
  readonly opset: number
  /** Required inputs: initializers that are listed as inputs are omitted. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly GraphNode[]
  /** The dimensions of its weights, by name. */
  readonly weights: ReadonlyMap<string, readonly number[]>
}

/** A change of a graph: replacements of some of its parts, and additions. */
export interface Rewriting {
  /** Fields that replace a node, including their tags, or `undefined` to keep it. */
  readonly node?: (node: GraphNode) => Uint8Array | undefined
  /** The same for a weight, by name and message. The parts are concatenated. */
  readonly weight?: (name: string, bytes: Uint8Array) => Uint8Array[] | undefined
  readonly additions: readonly Uint8Array[]
}

/** Reads the graph of an ONNX file (protobuf). Throws `RangeError` if the bytes are not protobuf. */
export function readGraph(file: Uint8Array): OnnxGraph {
  const inputs: string[] = []
  const outputs: string[] = []
  const weights = new Map<string, readonly number[]>()
  const nodes: GraphNode[] = []
  let version = 1
  for (const { number, bytes } of fieldsOf(file)) {
    if (number === model.opset && (textsOf(bytes, opset.domain)[0] ?? '') === '')
      version = numbersOf(bytes, opset.version)[0] ?? version
    if (number !== model.graph) continue
    for (const part of fieldsOf(bytes)) {
      if (part.number === graph.node) nodes.push(readNode(part.bytes))
      if (part.number === graph.input) inputs.push(...textsOf(part.bytes, valueName))
      if (part.number === graph.output) outputs.push(...textsOf(part.bytes, valueName))
      if (part.number === graph.initializer) weights.set(nameOf(part.bytes), dimensionsOf(part.bytes))
    }
  }
  return { opset: version, inputs: inputs.filter((name) => !weights.has(name)), outputs, nodes, weights }
}

function readNode(bytes: Uint8Array): GraphNode {
  return {
    inputs: textsOf(bytes, node.input),
    outputs: textsOf(bytes, node.output),
    operation: textsOf(bytes, node.operation)[0] ?? '',
    bytes,
  }
}

export interface NodeAttribute {
  readonly name: string
  readonly float: number | undefined
  readonly int: number | undefined
  readonly text: string | undefined
  readonly ints: readonly number[]
  /** The dimensions of a tensor. */
  readonly dimensions: readonly number[] | undefined
  /** The attribute's message. */
  readonly bytes: Uint8Array
}

export function attributesOf({ bytes }: GraphNode): NodeAttribute[] {
  return bytesOf(bytes, node.attribute).map((one) => {
    const [float] = bytesOf(one, attribute.float)
    const [value] = bytesOf(one, attribute.tensor)
    return {
      name: textsOf(one, attribute.name)[0] ?? '',
      float: float && Buffer.from(float).readFloatLE(),
      int: numbersOf(one, attribute.int)[0],
      text: textsOf(one, attribute.text)[0],
      ints: numbersOf(one, attribute.ints),
      dimensions: value && dimensionsOf(value),
      bytes: one,
    }
  })
}

/** The file with its graph changed, as parts to be concatenated: only new parts are allocated. */
export function applyRewritings(file: Uint8Array, rewritings: readonly Rewriting[]): Uint8Array[] {
  const replacement = (part: { readonly number: number; readonly bytes: Uint8Array }) => {
    if (part.number === graph.node) {
      const read = readNode(part.bytes)
      for (const { node: replace } of rewritings) {
        const field = replace?.(read)
        if (field !== undefined) return [field]
      }
    }
    if (part.number === graph.initializer) {
      for (const { weight: replace } of rewritings) {
        const parts = replace?.(nameOf(part.bytes), part.bytes)
        if (parts !== undefined) return parts
      }
    }
    return undefined
  }
  const changed = spliceFields(file, ({ number, bytes }) => {
    if (number !== model.graph) return undefined
    const parts = spliceFields(bytes, replacement)
    return [fieldHead(model.graph, byteLength(parts)), ...parts]
  })
  const additions = rewritings.flatMap((one) => one.additions)
  // Protobuf merges a second graph in the file with the first.
  return [...changed, fieldHead(model.graph, byteLength(additions)), ...additions]
}

function nameOf(bytes: Uint8Array): string {
  return textsOf(bytes, tensor.name)[0] ?? ''
}

function dimensionsOf(bytes: Uint8Array): number[] {
  return numbersOf(bytes, tensor.dimensions)
}

/** Operations that may be between the rounding of the durations and their running sum without changing them. */
const passThrough = new Set(['Cast', 'Squeeze', 'Unsqueeze', 'Identity', 'Reshape'])

/**
 * The tensor with each input symbol's length in frames, which a speech model's length regulator accumulates. It is
 * found by its pattern in the graph, integers (Round or Ceil, perhaps clipped) feeding a CumSum, since exporters' names
 * differ. `undefined` if there is none, or more than one.
 */
export function durationsTensor({ nodes, weights }: OnnxGraph): string | undefined {
  const constants = new Set(weights.keys())
  for (const { operation, outputs } of nodes) if (operation === 'Constant') constants.add(outputs[0] ?? '')
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)))
  const found = new Set<string>()
  for (const node of nodes) {
    if (node.operation !== 'CumSum') continue
    const seen = new Set<string>()
    let tensor = node.inputs[0] ?? ''
    let maker = makers.get(tensor)
    while (maker !== undefined && keepsDurations(maker, constants) && !seen.has(tensor)) {
      seen.add(tensor)
      tensor = maker.inputs[0] ?? ''
      maker = makers.get(tensor)
    }
    const rounding = maker?.operation === 'Clip' ? makers.get(maker.inputs[0] ?? '') : maker
    if (rounding?.operation === 'Round' || rounding?.operation === 'Ceil') found.add(tensor)
  }
  return found.size === 1 ? [...found][0] : undefined
}

/** Kokoro takes the only row of its batch by a Gather with a constant index. */
function keepsDurations({ operation, inputs }: GraphNode, constants: ReadonlySet<string>): boolean {
  return passThrough.has(operation) || (operation === 'Gather' && constants.has(inputs[1] ?? ''))
}
