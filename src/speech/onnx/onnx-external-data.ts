import { bytesOf, fieldsOf } from './protobuf.ts'

/** The field numbers of onnx.proto3 that are needed. */
const model = { graph: 7, function: 25 }
const functionNode = 7
const graph = { node: 1, initializer: 5, sparse: 15 }
const nodeAttribute = 5
const attribute = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparses: 23 }
const tensor = { externalData: 13, location: 14 }
const sparse = { values: 1, indices: 2 }

/**
 * Whether any weight of an ONNX file, however deep, is stored in another file: such a model could make the server read
 * any file of this machine. Throws `RangeError` if the bytes are not protobuf.
 */
export function hasExternalData(file: Uint8Array): boolean {
  return (
    bytesOf(file, model.graph).some(inGraph) ||
    bytesOf(file, model.function).some((one) => bytesOf(one, functionNode).some(inNode))
  )
}

function inGraph(bytes: Uint8Array): boolean {
  return anyField(bytes, (number) => {
    if (number === graph.initializer) return inTensor
    if (number === graph.sparse) return inSparse
    return number === graph.node ? inNode : undefined
  })
}

function inNode(bytes: Uint8Array): boolean {
  return bytesOf(bytes, nodeAttribute).some((one) =>
    anyField(one, (number) => {
      if (number === attribute.tensor || number === attribute.tensors) return inTensor
      if (number === attribute.graph || number === attribute.graphs) return inGraph
      return number === attribute.sparse || number === attribute.sparses ? inSparse : undefined
    }),
  )
}

function inSparse(bytes: Uint8Array): boolean {
  return [...bytesOf(bytes, sparse.values), ...bytesOf(bytes, sparse.indices)].some(inTensor)
}

function inTensor(bytes: Uint8Array): boolean {
  return fieldsOf(bytes).some(
    ({ number, value }) => number === tensor.externalData || (number === tensor.location && value !== 0),
  )
}

/** Whether any field's value passes the check for its number. */
function anyField(
  bytes: Uint8Array,
  checkFor: (number: number) => ((value: Uint8Array) => boolean) | undefined,
): boolean {
  return fieldsOf(bytes).some((field) => checkFor(field.number)?.(field.bytes) ?? false)
}
