import { type ExecutionProvider, executionProviders } from '../onnx/execution-provider.ts'
import { onnxRuntime } from '../onnx/onnx-network.ts'
import { elementType, graphField, inputField, nodeField, outputField } from '../onnx/onnx-writer.ts'
import { lengthField, varintField } from '../onnx/protobuf.ts'

/** A matrix times itself. */
const squares = Buffer.concat([
  varintField(1, 8),
  lengthField(8, lengthField(1, ''), varintField(2, 13)),
  graphField(
    nodeField('MatMul', ['x', 'x'], ['y']),
    lengthField(2, 'squares'),
    inputField('x', elementType.float32, [2, 2]),
    outputField('y', elementType.float32, [2, 2]),
  ),
])

// Runs as a process of its own: a driver that is not right may end it.
const provider = executionProviders.find((one) => one === process.argv[2]) ?? 'cpu'
tryProvider(provider).then(
  () => process.send?.({ fault: null }),
  (error: unknown) => process.send?.({ fault: error instanceof Error ? error.message : String(error) }),
)

/** Runs a small network on a provider. Throws the runtime's error if that is not possible. */
async function tryProvider(provider: ExecutionProvider): Promise<void> {
  const { InferenceSession: Session, Tensor } = await onnxRuntime()
  const session = await Session.create(squares, { executionProviders: [provider], logSeverityLevel: 4 })
  const values = Float32Array.of(3, 4, 5, 6)
  const { y } = await session.run({ x: new Tensor('float32', values, [2, 2]) })
  await session.release()
  if (y?.data[0] !== 3 * 3 + 4 * 5) throw new Error('it calculates wrong')
}
