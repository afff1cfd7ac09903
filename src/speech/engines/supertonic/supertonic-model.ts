import { z } from 'zod'
import { FlowGraphs } from '../../flow/flow-graphs.ts'
import type { BundledNetworks } from '../../onnx/bundled-networks.ts'

/** The graphs of Supertonic 3, which KorvaTTS has too (korvatts 0.1, `tts.py`). */
const inputs = {
  duration_predictor: ['text_ids', 'style_dp', 'text_mask'],
  text_encoder: ['text_ids', 'style_ttl', 'text_mask'],
  vector_estimator: [
    'noisy_latent',
    'text_emb',
    'style_ttl',
    'text_mask',
    'latent_mask',
    'current_step',
    'total_step',
  ],
  vocoder: ['latent'],
} as const

const size = z.number().int().min(1).max(100_000)
const settings = z.object({
  ae: z.object({ sample_rate: z.number().int().min(8000).max(96_000), base_chunk_size: size }),
  ttl: z.object({ chunk_compress_factor: size, latent_dim: size }),
})
const indexer = z.array(z.number().int()).min(128)

/** A loaded model with its settings. */
export interface SupertonicModel {
  readonly graphs: FlowGraphs<typeof inputs>
  readonly sampleRate: number
  /** Samples of one frame of the latent. */
  readonly frameSamples: number
  readonly latentRows: number
  /** The id of each UTF-16 unit; −1: unknown. */
  readonly characters: readonly number[]
}

/** Reads the settings of an open model. Throws an `Error` with one sentence for users. */
export function supertonicModel(networks: BundledNetworks): SupertonicModel {
  const graphs = new FlowGraphs(networks, inputs)
  const read = settings.safeParse(graphs.json('tts.json'))
  if (!read.success) throw new Error('its tts.json is not that of Supertonic 3')
  const characters = indexer.safeParse(graphs.json('unicode_indexer.json'))
  if (!characters.success) throw new Error('its unicode_indexer.json is no table of characters')
  const { ae, ttl } = read.data
  return {
    graphs,
    sampleRate: ae.sample_rate,
    frameSamples: ae.base_chunk_size * ttl.chunk_compress_factor,
    latentRows: ttl.latent_dim * ttl.chunk_compress_factor,
    characters: characters.data,
  }
}
