import type { InferenceSession, Tensor } from 'onnxruntime-node'

export interface OnnxRuntime {
  readonly InferenceSession: typeof InferenceSession
  readonly Tensor: typeof Tensor
}

/**
 * Loads ONNX Runtime; nothing else imports it. Since 1.30 its Linux build keeps a device id below `~/.cache/Microsoft` and
 * reports to its maker, unless this variable is set when the library is loaded (`core/platform/posix/telemetry.cc`).
 * Node hands an assignment on to the C library's `setenv`, whose environment the runtime reads.
 */
export async function onnxRuntime(): Promise<OnnxRuntime> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1'
  return import('onnxruntime-node')
}
