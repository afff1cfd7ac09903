import { setPriority } from 'node:os'
import { openEspeak } from '../src/pronunciation/espeak/espeak.ts'
import { onnxRuntime } from '../src/speech/onnx/onnx-network.ts'
import { phonemeChunks } from '../src/speech/phoneme-chunks.ts'
import { Phonemizer } from '../src/pronunciation/espeak/phonemizer.ts'
import { readPiperConfig, piperTokenizer } from '../src/speech/engines/piper/piper-config.ts'
import type { BareText } from './bare-speaker.ts'
import { joe } from './joe.ts'
import { Stopwatch } from './stopwatch.ts'
import type { BareResult } from './voice-workers.ts'

// Runs as a process: the runtime, the unmodified voice file, and a loop over the texts' ids; nothing else is measured.
setPriority(10)
const voice = joe()
if (voice === undefined) throw new Error('Joe is not here')
const espeak = await openEspeak()
const config = await readPiperConfig(voice.config, espeak.voices)
const spelling = piperTokenizer(config)
const phonemizer = new Phonemizer(espeak, 'en-us')
const { InferenceSession, Tensor } = await onnxRuntime()
// The fastest of the runtime's configurations: one thread, other options at their defaults.
const session = await InferenceSession.create(voice.model, { intraOpNumThreads: 1, interOpNumThreads: 1 })
const scales = Float32Array.of(config.noiseScale, config.lengthScale, config.noiseW)

async function speakBare(texts: readonly BareText[]): Promise<BareResult> {
  const runs = texts.flatMap(({ text }) => phonemeChunks(text, phonemizer.words(text), spelling))
  const network = new Stopwatch()
  let samples = 0
  await network.during(async () => {
    for (const { ids } of runs) {
      const { output } = await session.run({
        input: new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
        input_lengths: new Tensor('int64', BigInt64Array.of(BigInt(ids.length)), [1]),
        scales: new Tensor('float32', scales, [3]),
      })
      samples += output?.data.length ?? 0
    }
  })
  return { network: network.spent, seconds: samples / config.sampleRate }
}

process.on('message', (texts) => {
  void speakBare(texts as readonly BareText[]).then((result) => process.send?.(result))
})
