/** ONNX models are protobuf (onnx.proto3); these are the field numbers that matter here. */
const modelGraph = 7
const graphNode = 1
const graphOutput = 12
const valueName = 1
const nodeInput = 1
const nodeOutput = 2
const nodeOperation = 4

interface Node {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly operation: string
}

/** Operations that may stand between the rounding of the durations and their running sum without changing them. */
const transparent = new Set(['Cast', 'Squeeze', 'Unsqueeze', 'Identity', 'Reshape'])

/**
 * The tensor with each input symbol's length in frames: what a speech model's length regulator adds up. It is known by
 * its shape in the graph, whole numbers (Round or Ceil, perhaps clipped) going into a CumSum; exporters' names differ.
 * `undefined` when there is none, or more than one, or the bytes are no model.
 */
export function durationsTensor(model: Uint8Array): string | undefined {
  let nodes: readonly Node[]
  try {
    nodes = graphNodes(model)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)))
  const found = new Set<string>()
  for (const node of nodes) {
    if (node.operation !== 'CumSum') continue
    let tensor = node.inputs[0] ?? ''
    let maker = makers.get(tensor)
    while (maker !== undefined && transparent.has(maker.operation)) {
      tensor = maker.inputs[0] ?? ''
      maker = makers.get(tensor)
    }
    const rounding = maker?.operation === 'Clip' ? makers.get(maker.inputs[0] ?? '') : maker
    if (rounding?.operation === 'Round' || rounding?.operation === 'Ceil') found.add(tensor)
  }
  return found.size === 1 ? [...found][0] : undefined
}

/**
 * The model with one more output. Protobuf merges repeated messages, so a second graph that holds nothing but the
 * output's name is appended to the file.
 */
export function withOutput(model: Uint8Array, tensor: string): Uint8Array {
  const output = field(graphOutput, field(valueName, new TextEncoder().encode(tensor)))
  return Buffer.concat([model, field(modelGraph, output)])
}

function graphNodes(model: Uint8Array): Node[] {
  const nodes: Node[] = []
  for (const graph of messages(model, modelGraph)) {
    for (const bytes of messages(graph, graphNode)) {
      const text = (number: number): string[] =>
        messages(bytes, number).map((value) => Buffer.from(value).toString('utf8'))
      nodes.push({
        inputs: text(nodeInput),
        outputs: text(nodeOutput),
        operation: text(nodeOperation)[0] ?? '',
      })
    }
  }
  return nodes
}

/** The length-delimited values of one field. Throws `RangeError` where the bytes do not follow protobuf's rules. */
function messages(bytes: Uint8Array, wanted: number): Uint8Array[] {
  const values: Uint8Array[] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 63) throw new RangeError('A number has no end.')
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const key = varint()
    const wireType = key % 8
    if (wireType === 0) varint()
    else if (wireType === 1) at += 8
    else if (wireType === 5) at += 4
    else if (wireType === 2) {
      const length = varint()
      if (at + length > bytes.length) throw new RangeError('A field is longer than its message.')
      if (Math.floor(key / 8) === wanted) values.push(bytes.subarray(at, at + length))
      at += length
    } else throw new RangeError(`Wire type ${wireType} is unknown.`)
  }
  return values
}

function field(number: number, value: Uint8Array): Uint8Array {
  const head: number[] = [number * 8 + 2]
  for (let rest = value.length; ; rest >>>= 7) {
    head.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) break
  }
  return Buffer.concat([Uint8Array.from(head), value])
}
