import { tensorType, tensorValues, typeOfTensor, withValues } from './onnx-tensor.ts'
import { byteLength, fieldHead, fieldsOf, spliceFields, textsOf, varintField } from './protobuf.ts'

/** The field numbers of onnx.proto3 that are needed. */
const model = { graph: 7 }
const graph = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 }
const node = { operation: 4, attribute: 5 }
const attribute = { name: 1, int: 3, tensor: 5, graph: 6, graphs: 11 }
const valueInfo = { type: 2 }
const type = { tensor: 1 }
const tensorOfType = { element: 1 }

/** Attributes that name the type of an operation's result. */
const typeAttributes = new Set(['to', 'dtype'])

/**
 * The model with single instead of half precision, as parts to be concatenated: weights, constants, inputs, outputs and
 * conversions. CPUs have no half-precision arithmetic, so the runtime converts each value back and forth; and with
 * Kokoro's published file it may give samples that are no numbers. The stored shapes of intermediate tensors are left
 * out, as the runtime infers them. A model without half precision is returned as it is.
 */
export function singlePrecision(file: Uint8Array): Uint8Array[] {
  return spliceFields(file, ({ number, bytes }) =>
    number === model.graph ? field(model.graph, inGraph(bytes)) : undefined,
  )
}

/** Whether a weight of the model has half precision. */
export function hasHalfPrecision(file: Uint8Array): boolean {
  return fieldsOf(file).some(
    ({ number, bytes }) =>
      number === model.graph &&
      fieldsOf(bytes).some((part) => part.number === graph.initializer && isHalf(part.bytes)),
  )
}

function inGraph(bytes: Uint8Array): Uint8Array[] {
  return spliceFields(bytes, (part) => {
    if (part.number === graph.node) return field(graph.node, inNode(part.bytes))
    if (part.number === graph.initializer && isHalf(part.bytes))
      return field(graph.initializer, converted(part.bytes))
    if (part.number === graph.valueInfo) return []
    if (part.number === graph.input || part.number === graph.output)
      return field(part.number, inValueInfo(part.bytes))
    return undefined
  })
}

function inNode(bytes: Uint8Array): Uint8Array[] {
  return spliceFields(bytes, ({ number, bytes: one }) =>
    number === node.attribute ? field(node.attribute, inAttribute(one)) : undefined,
  )
}

function inAttribute(bytes: Uint8Array): Uint8Array[] {
  const isType = typeAttributes.has(textsOf(bytes, attribute.name)[0] ?? '')
  return spliceFields(bytes, ({ number, bytes: value, value: int }) => {
    if (number === attribute.tensor && isHalf(value)) return field(number, converted(value))
    if (number === attribute.graph || number === attribute.graphs) return field(number, inGraph(value))
    if (number === attribute.int && isType && int === tensorType.float16)
      return [varintField(number, tensorType.float32)]
    return undefined
  })
}

function inValueInfo(bytes: Uint8Array): Uint8Array[] {
  return spliceFields(bytes, (outer) => {
    if (outer.number !== valueInfo.type) return undefined
    const inner = spliceFields(outer.bytes, (of) => {
      if (of.number !== type.tensor) return undefined
      const elements = spliceFields(of.bytes, ({ number, value }) =>
        number === tensorOfType.element && value === tensorType.float16
          ? [varintField(number, tensorType.float32)]
          : undefined,
      )
      return field(type.tensor, elements)
    })
    return field(valueInfo.type, inner)
  })
}

function isHalf(message: Uint8Array): boolean {
  return typeOfTensor(message) === tensorType.float16
}

function converted(message: Uint8Array): Uint8Array[] {
  return withValues(message, tensorValues(message))
}

function field(number: number, parts: readonly Uint8Array[]): Uint8Array[] {
  return [fieldHead(number, byteLength(parts)), ...parts]
}
