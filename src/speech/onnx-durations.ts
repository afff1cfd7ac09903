import type { OnnxGraph } from './onnx-graph.ts'

/** Operations that may stand between the rounding of the durations and their running sum without changing them. */
const passThrough = new Set(['Cast', 'Squeeze', 'Unsqueeze', 'Identity', 'Reshape'])

/**
 * The tensor with each input symbol's length in frames: what a speech model's length regulator adds up. It is known by
 * its shape in the graph, whole numbers (Round or Ceil, perhaps clipped) going into a CumSum; exporters' names differ.
 * `undefined` when there is none, or more than one.
 */
export function durationsTensor({ nodes }: OnnxGraph): string | undefined {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)))
  const found = new Set<string>()
  for (const node of nodes) {
    if (node.operation !== 'CumSum') continue
    const seen = new Set<string>()
    let tensor = node.inputs[0] ?? ''
    let maker = makers.get(tensor)
    while (maker !== undefined && passThrough.has(maker.operation) && !seen.has(tensor)) {
      seen.add(tensor)
      tensor = maker.inputs[0] ?? ''
      maker = makers.get(tensor)
    }
    const rounding = maker?.operation === 'Clip' ? makers.get(maker.inputs[0] ?? '') : maker
    if (rounding?.operation === 'Round' || rounding?.operation === 'Ceil') found.add(tensor)
  }
  return found.size === 1 ? [...found][0] : undefined
}
