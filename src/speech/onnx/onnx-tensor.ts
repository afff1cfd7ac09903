import { bytesOf, fieldHead, fieldsOf, numbersOf, type ProtobufField, varintField } from './protobuf.ts'

/** `TensorProto` of onnx.proto3. */
const tensor = { dimensions: 1, type: 2, floats: 4, integers: 5, raw: 9 }

/** `TensorProto.DataType`. */
export const tensorType = { float32: 1, uint8: 2, int8: 3, float16: 10 } as const

/** Every half-precision number as a single one, by its bits (IEEE 754). */
const halves = Float32Array.from({ length: 65_536 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
})

/** A tensor's `TensorProto.DataType`; 0 if it has none. */
export function typeOfTensor(message: Uint8Array): number {
  return numbersOf(message, tensor.type)[0] ?? 0
}

export function tensorDimensions(message: Uint8Array): number[] {
  return numbersOf(message, tensor.dimensions)
}

/** The values of a tensor of 8-bit integers, or of floats of either precision. Throws `RangeError` for other types. */
export function tensorValues(message: Uint8Array): Float32Array {
  const type = typeOfTensor(message)
  const raw = lastBytes(message, tensor.raw)
  if (type === tensorType.float32)
    return new Float32Array(aligned(raw ?? Buffer.concat(bytesOf(message, tensor.floats))))
  const integers = raw === undefined ? numbersOf(message, tensor.integers) : undefined
  if (type === tensorType.float16) {
    const bits = integers ?? new Uint16Array(aligned(raw!))
    return Float32Array.from({ length: bits.length }, (_, at) => halves[bits[at]! & 0xffff]!)
  }
  if (type !== tensorType.int8 && type !== tensorType.uint8)
    throw new RangeError(`Tensors of type ${type} have no values of 8 bits or floats.`)
  const bytes = integers === undefined ? raw! : Uint8Array.from(integers)
  return Float32Array.from(
    type === tensorType.int8 ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes,
  )
}

/** The message with the same name and dimensions, and these values as its own. */
export function withValues(
  message: Uint8Array,
  values: Float32Array,
  dimensions = tensorDimensions(message),
): Uint8Array[] {
  const replaced = new Set([tensor.dimensions, tensor.type, tensor.floats, tensor.integers, tensor.raw])
  const kept = [...fieldsOf(message)]
    .filter(({ number }: ProtobufField) => !replaced.has(number))
    .map(({ start, end }) => message.subarray(start, end))
  return [
    ...dimensions.map((size) => varintField(tensor.dimensions, size)),
    varintField(tensor.type, tensorType.float32),
    ...kept,
    fieldHead(tensor.raw, values.byteLength),
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  ]
}

function lastBytes(message: Uint8Array, wanted: number): Uint8Array | undefined {
  return [...fieldsOf(message)].findLast(({ number }) => number === wanted)?.bytes
}

function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
