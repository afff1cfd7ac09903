import { floatField, lengthField, varintField } from './protobuf.ts'

/** Parts of an ONNX file (onnx.proto3), each as the field of a graph. */

/** `TensorProto.DataType`. */
export const elementType = { float32: 1, int64: 7, bool: 9 } as const

export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly tensor: Uint8Array }
  | { readonly graph: Uint8Array }

const [floatType, intType, textType, tensorType, graphType, intsType] = [1, 2, 3, 4, 5, 7]

/** A node of the graph. */
export function nodeField(
  operation: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Uint8Array {
  const fields = Object.entries(attributes).map(([name, value]) =>
    lengthField(5, lengthField(1, name), ...attributeValue(value)),
  )
  return nodeWithAttributes(operation, inputs, outputs, fields)
}

/** A node whose attributes are already encoded. */
export function nodeWithAttributes(
  operation: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Uint8Array[],
): Uint8Array {
  return lengthField(
    1,
    ...inputs.map((name) => lengthField(1, name)),
    ...outputs.map((name) => lengthField(2, name)),
    lengthField(4, operation),
    ...attributes,
  )
}

function attributeValue(value: Attribute): Uint8Array[] {
  const type = (number: number) => varintField(20, number)
  if ('int' in value) return [varintField(3, value.int), type(intType)]
  if ('float' in value) return [floatField(2, value.float), type(floatType)]
  if ('text' in value) return [lengthField(4, value.text), type(textType)]
  if ('ints' in value) return [...value.ints.map((int) => varintField(8, int)), type(intsType)]
  if ('tensor' in value) return [lengthField(5, value.tensor), type(tensorType)]
  return [lengthField(6, value.graph), type(graphType)]
}

/** A tensor's message: floats or integers. */
export function tensorMessage(
  values: Float32Array | BigInt64Array,
  dimensions: readonly number[] = [values.length],
): Uint8Array {
  const type = values instanceof Float32Array ? elementType.float32 : elementType.int64
  return Buffer.concat([
    ...dimensions.map((dimension) => varintField(1, dimension)),
    varintField(2, type),
    lengthField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ])
}

/** A constant of the graph. */
export function initializerField(name: string, tensor: Uint8Array): Uint8Array {
  return lengthField(5, tensor, lengthField(8, name))
}

/** An input of the graph; a named dimension has any length. */
export function inputField(name: string, type: number, dimensions: readonly (number | string)[]): Uint8Array {
  return lengthField(11, valueInfo(name, type, dimensions))
}

export function outputField(
  name: string,
  type: number,
  dimensions: readonly (number | string)[],
): Uint8Array {
  return lengthField(12, valueInfo(name, type, dimensions))
}

/** An output whose type the runtime infers. */
export function untypedOutputField(name: string): Uint8Array {
  return lengthField(12, lengthField(1, name))
}

function valueInfo(name: string, type: number, dimensions: readonly (number | string)[]): Uint8Array {
  const shape = dimensions.map((dimension) =>
    lengthField(1, typeof dimension === 'number' ? varintField(1, dimension) : lengthField(2, dimension)),
  )
  const tensor = lengthField(1, varintField(1, type), lengthField(2, ...shape))
  return Buffer.concat([lengthField(1, name), lengthField(2, tensor)])
}

/** A model's graph. A second one in the same file is merged with the first. */
export function graphField(...fields: readonly Uint8Array[]): Uint8Array {
  return lengthField(7, ...fields)
}
