/** What ONNX Runtime can run a network on, by its own names; which of them are there depends on system and installation. */
export const executionProviders = ['cpu', 'cuda', 'webgpu', 'coreml', 'dml'] as const
export type ExecutionProvider = (typeof executionProviders)[number]
