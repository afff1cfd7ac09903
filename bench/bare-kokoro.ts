import { readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { openEspeak } from '../src/pronunciation/espeak/espeak.ts'
import { Phonemizer } from '../src/pronunciation/espeak/phonemizer.ts'
import { kokoroTokenizer } from '../src/speech/engines/kokoro/kokoro-symbols.ts'
import { readStyleTable, styleFor } from '../src/speech/style-table.ts'
import { onnxRuntime } from '../src/speech/onnx/onnx-network.ts'
import { phonemeChunks } from '../src/speech/phoneme-chunks.ts'
import type { BareText } from './bare-speaker.ts'
import { Stopwatch } from './stopwatch.ts'
import type { BareResult } from './voice-workers.ts'

// Runs as a process: the runtime, the prepared model, and a loop over the texts' ids; nothing else is measured.
setPriority(10)
const [, , model, styles] = process.argv
if (model === undefined || styles === undefined) throw new Error('the paths of model and styles are missing')
const symbols = readFileSync(new URL('../voices/heart/kokoro-symbols.json', import.meta.url), 'utf8')
const ids = new Map(Object.entries(JSON.parse(symbols) as Record<string, number>))
const tokenizer = kokoroTokenizer(ids, 'en-US')
const phonemizer = new Phonemizer(await openEspeak(), 'en-us')
const table = await readStyleTable(styles)
const { InferenceSession, Tensor } = await onnxRuntime()
const session = await InferenceSession.create(model, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 4,
})
const [idsInput = '', styleInput = '', speedInput = ''] = session.inputNames
const [sound = ''] = session.outputNames

async function speakBare(texts: readonly BareText[]): Promise<BareResult> {
  const runs = texts.flatMap(({ text }) => phonemeChunks(text, phonemizer.words(text), tokenizer))
  const network = new Stopwatch()
  let samples = 0
  await network.during(async () => {
    for (const { ids: run } of runs) {
      const outputs = await session.run({
        [idsInput]: new Tensor('int64', BigInt64Array.from(run, BigInt), [1, run.length]),
        [styleInput]: new Tensor('float32', styleFor(table, run.length - 2), [1, 256]),
        [speedInput]: new Tensor('float32', Float32Array.of(1), [1]),
      })
      samples += outputs[sound]?.data.length ?? 0
    }
  })
  return { network: network.spent, seconds: samples / 24_000 }
}

process.on('message', (texts) => {
  void speakBare(texts as readonly BareText[]).then((result) => process.send?.(result))
})
