import { z } from 'zod'
import { FlowGraphs } from '../../flow/flow-graphs.ts'
import { readNumpyArchive } from '../../flow/numpy-archive.ts'
import type { BundledNetworks } from '../../onnx/bundled-networks.ts'
import type { StyleTensor } from '../../flow/voice-style.ts'
import type { VieneuSymbols } from './vieneu-phonemes.ts'

/** The graphs of VieNeu-TTS v3 Nano (vieneu 3.8, `v3nano.py`). */
const inputs = {
  text_encoder: ['ids', 'style'],
  duration_predictor: ['ctx', 'ctx_mask', 'spk'],
  vector_estimator: ['x', 't', 'ctx', 'ctx_mask', 'spk', 'style'],
  codec_decoder: ['x'],
} as const

const config = z.object({
  vocab: z.record(z.string(), z.number().int()),
  bos_id: z.number().int(),
  eos_id: z.number().int(),
  /** Latent frames a second. */
  flow_fps: z
    .number()
    .min(1)
    .max(1000)
    .default(24_000 / 256 / 6),
})

/** A loaded model with its settings. */
export interface VieneuModel {
  readonly graphs: FlowGraphs<typeof inputs>
  readonly symbols: VieneuSymbols
  readonly framesPerSecond: number
  /** The speaker and style of nobody, for guidance. */
  readonly nobody: { readonly speaker: StyleTensor; readonly style: StyleTensor }
}

/** Reads the settings of an open model. Throws an `Error` with one sentence for users. */
export async function vieneuModel(networks: BundledNetworks): Promise<VieneuModel> {
  const graphs = new FlowGraphs(networks, inputs)
  const settings = config.safeParse(graphs.json('config.json'))
  if (!settings.success) throw new Error('its config.json is not that of VieNeu-TTS v3 Nano')
  const { vocab, bos_id: beginning, eos_id: end, flow_fps: framesPerSecond } = settings.data
  const constants = await readNumpyArchive(graphs.setting('constants.npz'))
  const [speaker, style] = [constants.get('null_spk'), constants.get('null_style')]
  if (!speaker || !style || style.length % styleColumns !== 0)
    throw new Error('its constants.npz has no null_spk and null_style')
  return {
    graphs,
    symbols: { ids: new Map(Object.entries(vocab)), beginning, end },
    framesPerSecond,
    nobody: {
      speaker: { values: speaker, dimensions: [1, speaker.length] },
      style: { values: style, dimensions: [1, style.length / styleColumns, styleColumns] },
    },
  }
}

/** Numbers of one style token. */
const styleColumns = 256
