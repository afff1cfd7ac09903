import { setPriority } from 'node:os'
import { AacEncoder } from '../src/audio/codec/aac.ts'
import { makeClip } from '../src/audio/mastering/clip-encoder.ts'
import { loudness } from '../src/audio/mastering/loudness.ts'
import { calibratedGain } from '../src/speech/quality/calibration.ts'
import { openEspeak } from '../src/pronunciation/espeak/espeak.ts'
import { checkSpeech } from '../src/speech/quality/speech-checks.ts'
import { ModelCache } from '../src/speech/onnx/model-cache.ts'
import { phonemeChunks, speakChunks } from '../src/speech/phoneme-chunks.ts'
import { Phonemizer } from '../src/pronunciation/espeak/phonemizer.ts'
import { openPiper } from '../src/speech/engines/piper/piper-engine.ts'
import { piperTokenizer } from '../src/speech/engines/piper/piper-config.ts'
import { synthesizePiper } from '../src/speech/engines/piper/piper-synthesis.ts'
import type { BareText } from './bare-speaker.ts'
import { joe, joeVoice } from './joe.ts'
import { placedSamples } from './placed-samples.ts'
import { Stopwatch } from './stopwatch.ts'

/** CPU seconds of each stage of a Piper voice, run one after the other in one process, and seconds of speech. */
export interface PiperStages {
  readonly phonemes: number
  readonly network: number
  readonly encoder: number
  /** Remaining work in a speech worker: checks, trimming, rate, loudness. */
  readonly placing: number
  readonly seconds: number
}

// Runs as a process, at the priority of the speech workers.
setPriority(10)
const model = joe()
if (model === undefined) throw new Error('Joe is not here')
const shelf = new ModelCache()
const engine = await openPiper(shelf)
const config = await engine.config(model)
const spelling = piperTokenizer(config)
const phonemizer = new Phonemizer(await openEspeak(), 'en-us')
const encoder = new AacEncoder()
const gain = await calibratedGain(engine, joeVoice, loudness, model)

async function measureStages(texts: readonly BareText[]): Promise<PiperStages> {
  const [phonemes, network] = [new Stopwatch(), new Stopwatch()]
  const [making, encoding] = [new Stopwatch(), new Stopwatch()]
  let seconds = 0
  for (const { text, pauseSeconds } of texts) {
    const runs = await phonemes.during(() => phonemeChunks(text, phonemizer.words(text), spelling))
    const speech = await network.during(() =>
      shelf.use(model!, (opened) =>
        speakChunks(runs, { sampleRate: config.sampleRate, seed: text }, (ids, seed) =>
          synthesizePiper(opened, config, ids, { speed: 1, speaker: 0, seed }),
        ),
      ),
    )
    seconds += speech.samples.length / speech.sampleRate
    await making.during(() => {
      checkSpeech(speech, text)
      return makeClip(speech, { gain, pauseSeconds }, encoder)
    })
    const padded = placedSamples(speech, gain, pauseSeconds)
    await encoding.during(() => encoder.encode(padded))
  }
  return {
    phonemes: phonemes.spent.cpu,
    network: network.spent.cpu,
    encoder: encoding.spent.cpu,
    placing: making.spent.cpu - encoding.spent.cpu,
    seconds,
  }
}

process.on('message', (texts) => {
  void measureStages(texts as readonly BareText[]).then((stages) => process.send?.(stages))
})
