/**
 * Protobuf's wire format (protobuf.dev, "Encoding"): a message is a sequence of fields, each with a number, a wire type
 * and a value. Readers merge repeated messages of one number.
 */

const [varintType, eightBytes, lengthDelimited, fourBytes] = [0, 1, 2, 5]

export interface ProtobufField {
  readonly number: number
  /** A varint's value, not exact beyond 2⁵³; 0 for the other wire types. */
  readonly value: number
  /** The value's bytes; empty for a varint. */
  readonly bytes: Uint8Array
  /** Offsets of the field, its tag included, in its message. */
  readonly start: number
  readonly end: number
}

/** The fields of a message. Throws `RangeError` if the bytes are malformed. */
export function* fieldsOf(message: Uint8Array): Generator<ProtobufField> {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++]
      if (byte === undefined || shift > 63) throw new RangeError('A number has no end.')
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
  }
  while (at < message.length) {
    const start = at
    const key = varint()
    const number = Math.floor(key / 8)
    const type = key % 8
    if (type === varintType) {
      const value = varint()
      yield { number, value, bytes: message.subarray(at, at), start, end: at }
      continue
    }
    const length = lengthOf(type, varint)
    const end = at + length
    if (end > message.length) throw new RangeError('A field is longer than its message.')
    yield { number, value: 0, bytes: message.subarray(at, end), start, end }
    at = end
  }
}

function lengthOf(type: number, varint: () => number): number {
  if (type === eightBytes) return 8
  if (type === fourBytes) return 4
  if (type === lengthDelimited) return varint()
  throw new RangeError(`Wire type ${type} is unknown.`)
}

/** The length-delimited values of one field number. */
export function bytesOf(message: Uint8Array, wanted: number): Uint8Array[] {
  return [...fieldsOf(message)].filter(({ number }) => number === wanted).map(({ bytes }) => bytes)
}

export function textsOf(message: Uint8Array, wanted: number): string[] {
  return bytesOf(message, wanted).map((bytes) => Buffer.from(bytes).toString('utf8'))
}

/** Encodes a message, text or packed numbers as a field. */
export function lengthField(number: number, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const value = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))
  return Buffer.concat([
    fieldHead(
      number,
      value.reduce((sum, part) => sum + part.length, 0),
    ),
    ...value,
  ])
}

/** The tag and length before a length-delimited value. */
export function fieldHead(number: number, length: number): Uint8Array {
  return Uint8Array.from([...varintBytes(number * 8 + lengthDelimited), ...varintBytes(length)])
}

/** Encodes an integer from 0 to 2⁵³ as a field. */
export function varintField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varintBytes(number * 8 + varintType), ...varintBytes(value)])
}

export function floatField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(new Float32Array([value]).buffer)
  return Uint8Array.from([...varintBytes(number * 8 + fourBytes), ...bytes])
}

function varintBytes(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest > 127 ? (rest % 128) + 128 : rest)
    if (rest <= 127) return bytes
  }
}

/** The values of a repeated number, packed or not. */
export function numbersOf(message: Uint8Array, wanted: number): number[] {
  return [...fieldsOf(message)]
    .filter(({ number }) => number === wanted)
    .flatMap(({ value, bytes }) => (bytes.length === 0 ? [value] : packedNumbers(bytes)))
}

function packedNumbers(bytes: Uint8Array): number[] {
  const numbers: number[] = []
  let [value, factor] = [0, 1]
  for (const byte of bytes) {
    value += (byte & 127) * factor
    factor *= 128
    if (byte >= 128) continue
    numbers.push(value)
    ;[value, factor] = [0, 1]
  }
  return numbers
}

/** The parts of a message, some of its fields replaced. */
export function spliceFields(
  message: Uint8Array,
  replace: (field: ProtobufField) => readonly Uint8Array[] | undefined,
): Uint8Array[] {
  const parts: Uint8Array[] = []
  let kept = 0
  for (const field of fieldsOf(message)) {
    const replaced = replace(field)
    if (replaced === undefined) continue
    parts.push(message.subarray(kept, field.start), ...replaced)
    kept = field.end
  }
  parts.push(message.subarray(kept))
  return parts
}

export function byteLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}
