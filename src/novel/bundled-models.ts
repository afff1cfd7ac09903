import type { BundledFamily } from './model-parts.ts'

/** A file of a published model. */
interface PublishedPart {
  readonly name: string
  readonly bytes: number
  /** SHA-256, hex. */
  readonly sha256: string
}

/**
 * The files of each family's model under their publishers' names, as they are published: VieNeu-TTS v3 Nano
 * (pnnbao-ump/VieNeu-TTS-v3-Nano) and KorvaTTS (dogenthq/KorvaTTS, the graphs of Supertonic 3).
 */
export const publishedParts: Readonly<Record<BundledFamily, readonly PublishedPart[]>> = {
  vieneu: [
    {
      name: 'config.json',
      bytes: 2927,
      sha256: '3762f1716fd8d7a1451ddf2e051c03b0a341e8adda4f1dbd0db0ae9777514e56',
    },
    {
      name: 'constants.npz',
      bytes: 53_448,
      sha256: '7c011938effe41687a9af85107a31a040dfcf0fb3d0f048ec10f4fb65c1a8829',
    },
    {
      name: 'duration_predictor.onnx',
      bytes: 727_809,
      sha256: '20fd7fa60006d0a48ee82e0451b3f920d2052588c083c756cce669f3947c0a68',
    },
    {
      name: 'text_encoder.onnx',
      bytes: 26_519_943,
      sha256: '204f02cccae1f16ccb2d3840f05721a37fe250b82cbd456337a0ccb49615e4bf',
    },
    {
      name: 'codec_decoder.onnx',
      bytes: 99_319_941,
      sha256: 'b0ab15e7828a39d53679e25b1ba4ba415a61311307202a6323130b9e1cc3029d',
    },
    {
      name: 'vector_estimator.onnx',
      bytes: 155_132_418,
      sha256: 'c6c1d4398ca35d3ad1bd3f0459413d1b975d09e7f2f3a2b4493a7b92bbf6ce93',
    },
  ],
  supertonic: [
    {
      name: 'tts.json',
      bytes: 8493,
      sha256: 'd9b6bd2844a45ecccfd521b2defeaf74d45ea23e8cc099b980c1e0198c7f2365',
    },
    {
      name: 'unicode_indexer.json',
      bytes: 277_676,
      sha256: '9bf7346e43883a81f8645c81224f786d43c5b57f3641f6e7671a7d6c493cb24f',
    },
    {
      name: 'duration_predictor.onnx',
      bytes: 3_573_391,
      sha256: 'c59dd540d003e781f55efc3f39807ad9939164a34dbc74eb05f39ab41b4632d7',
    },
    {
      name: 'text_encoder.onnx',
      bytes: 35_678_255,
      sha256: '4522eea5c39f68c101f27fc14758cc65311a4abfc64500ddf32e6d582de5daab',
    },
    {
      name: 'vocoder.onnx',
      bytes: 101_426_104,
      sha256: '7d305c4cc06e9cd2ac47834d90e9b97b69df316cbda75682dd0f4c17d289324f',
    },
    {
      name: 'vector_estimator.onnx',
      bytes: 256_700_640,
      sha256: 'f7a5abb7feca5e657977781953cd30997869eb54363bdcc729e848b4c7ca2702',
    },
  ],
}
