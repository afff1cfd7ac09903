import { bytesOf, fieldHead, fieldsOf, textsOf } from './protobuf.ts'

/** The field numbers of onnx.proto3 that matter here. */
const model = { graph: 7, opset: 8, function: 25 }
const graph = { node: 1, initializer: 5, input: 11, sparse: 15 }
const functionNode = 7
const node = { input: 1, output: 2, operation: 4, attribute: 5 }
const attribute = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparses: 23 }
const opset = { domain: 1, version: 2 }
const tensor = { name: 8, externalData: 13, location: 14 }
const sparse = { values: 1, indices: 2 }
const valueName = 1

export interface GraphNode {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly operation: string
  /** The node's message. */
  readonly bytes: Uint8Array
}

export interface OnnxGraph {
  /** Of ONNX's own operations. */
  readonly opset: number
  /** What has to be given to run it: initializers that are listed as inputs are left out. */
  readonly inputs: readonly string[]
  readonly nodes: readonly GraphNode[]
  /** Whether weights are to be read from other files. */
  readonly external: boolean
}

/** What an ONNX file (protobuf) says of its graph. Throws `RangeError` where the bytes are no protobuf. */
export function readGraph(file: Uint8Array): OnnxGraph {
  const inputs: string[] = []
  const initialized = new Set<string>()
  const nodes: GraphNode[] = []
  let version = 1
  let external = false
  for (const { number, bytes } of fieldsOf(file)) {
    if (number === model.opset && (textsOf(bytes, opset.domain)[0] ?? '') === '')
      version = numberOf(bytes, opset.version) ?? version
    if (number === model.function) external ||= bytesOf(bytes, functionNode).some(nodeIsExternal)
    if (number !== model.graph) continue
    external ||= graphIsExternal(bytes)
    for (const part of fieldsOf(bytes)) {
      if (part.number === graph.node) nodes.push(readNode(part.bytes))
      if (part.number === graph.input) inputs.push(...textsOf(part.bytes, valueName))
      if (part.number === graph.initializer) initialized.add(textsOf(part.bytes, tensor.name)[0] ?? '')
    }
  }
  return { opset: version, inputs: inputs.filter((name) => !initialized.has(name)), nodes, external }
}

function readNode(bytes: Uint8Array): GraphNode {
  return {
    inputs: textsOf(bytes, node.input),
    outputs: textsOf(bytes, node.output),
    operation: textsOf(bytes, node.operation)[0] ?? '',
    bytes,
  }
}

/**
 * The file with some of its graph's nodes replaced, in pieces that follow each other: only what is new is copied.
 * `replace` gives a node's new fields, heads included, or `undefined` where it stays.
 */
export function withNodesReplaced(
  file: Uint8Array,
  replace: (node: GraphNode) => Uint8Array | undefined,
): Uint8Array[] {
  return spliced(file, ({ number, bytes }) => {
    if (number !== model.graph) return undefined
    const pieces = spliced(bytes, (part) =>
      part.number === graph.node ? replace(readNode(part.bytes)) : undefined,
    )
    if (pieces.length === 1) return undefined
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
    return [fieldHead(model.graph, length), ...pieces]
  })
}

/** A message in pieces, some of its fields replaced. */
function spliced(
  message: Uint8Array,
  replace: (field: {
    readonly number: number
    readonly bytes: Uint8Array
  }) => Uint8Array | Uint8Array[] | undefined,
): Uint8Array[] {
  const pieces: Uint8Array[] = []
  let kept = 0
  for (const field of fieldsOf(message)) {
    const replaced = replace(field)
    if (replaced === undefined) continue
    pieces.push(message.subarray(kept, field.start), ...[replaced].flat())
    kept = field.end
  }
  pieces.push(message.subarray(kept))
  return pieces
}

function graphIsExternal(bytes: Uint8Array): boolean {
  for (const part of fieldsOf(bytes)) {
    if (part.number === graph.initializer && tensorIsExternal(part.bytes)) return true
    if (part.number === graph.sparse && sparseIsExternal(part.bytes)) return true
    if (part.number === graph.node && nodeIsExternal(part.bytes)) return true
  }
  return false
}

function nodeIsExternal(bytes: Uint8Array): boolean {
  return bytesOf(bytes, node.attribute).some(attributeIsExternal)
}

function attributeIsExternal(bytes: Uint8Array): boolean {
  for (const part of fieldsOf(bytes)) {
    if (part.number === attribute.tensor || part.number === attribute.tensors) {
      if (tensorIsExternal(part.bytes)) return true
    } else if (part.number === attribute.graph || part.number === attribute.graphs) {
      if (graphIsExternal(part.bytes)) return true
    } else if (part.number === attribute.sparse || part.number === attribute.sparses) {
      if (sparseIsExternal(part.bytes)) return true
    }
  }
  return false
}

function sparseIsExternal(bytes: Uint8Array): boolean {
  return [...bytesOf(bytes, sparse.values), ...bytesOf(bytes, sparse.indices)].some(tensorIsExternal)
}

function tensorIsExternal(bytes: Uint8Array): boolean {
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === tensor.externalData || (number === tensor.location && value !== 0)) return true
  }
  return false
}

function numberOf(message: Uint8Array, wanted: number): number | undefined {
  for (const { number, value } of fieldsOf(message)) if (number === wanted) return value
  return undefined
}
