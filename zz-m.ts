import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { piperSpelling } from './src/speech/piper-ids.ts'
import { phonemeRuns } from './src/speech/phoneme-runs.ts'
import { Phonemizer } from './src/speech/phonemes.ts'
import { openEspeak } from './src/speech/espeak.ts'
import { readPiperConfig } from './src/speech/piper-config.ts'
const path = '../shared/voices/joe/en_US-joe-medium.onnx'
const opts = JSON.parse(process.argv[2]!)
const espeak = await openEspeak()
const ph = new Phonemizer(espeak, 'en-us')
const config = await readPiperConfig(path + '.json', espeak.voices)
const sp = piperSpelling(config)
const ss = (
  readFileSync('../shared/books/alice.txt', 'utf8')
    .replaceAll(/\s+/g, ' ')
    .match(/[^.!?]+[.!?]+/g) ?? []
)
  .filter((x) => (process.env.LONG ? x.length > 300 && x.length < 420 : x.length < 250 && x.length > 40))
  .slice(process.env.LONG ? 0 : 100, (process.env.LONG ? 0 : 100) + Number(process.argv[3] ?? 12))
const ids = ss.flatMap((s) => phonemeRuns(s, ph.words(s), sp).map((r) => r.ids))
const rss0 = process.memoryUsage.rss() / 1e6
const session = await InferenceSession.create(path, { interOpNumThreads: 1, ...opts })
const rss1 = process.memoryUsage.rss() / 1e6
const run = async (i: readonly number[]) => {
  const o = await session.run(
    {
      ...{},
      input: new Tensor('int64', BigInt64Array.from(i, BigInt), [1, i.length]),
      input_lengths: new Tensor('int64', BigInt64Array.of(BigInt(i.length)), [1]),
      scales: new Tensor('float32', Float32Array.of(0.667, 1, 0.8), [3]),
    },
    process.env.SHRINK ? { extra: { memory: { enable_memory_arena_shrinkage: 'cpu:0' } } } : {},
  )
  return o['output']!.data.length / 22050
}
await run(ids[0]!)
let sec = 0
const c = process.cpuUsage(),
  w = performance.now()
for (const i of ids) sec += await run(i)
const u = process.cpuUsage(c)
const wall = (performance.now() - w) / 1000
const hwm = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1e3
console.log(
  JSON.stringify({
    opts,
    cpuPerSec: +((u.user + u.system) / 1e6 / sec).toFixed(4),
    wallPerSec: +(wall / sec).toFixed(4),
    sec: +sec.toFixed(1),
    sys: +(u.system / 1e6).toFixed(2),
    load: Math.round(rss1 - rss0),
    rss: Math.round(process.memoryUsage.rss() / 1e6),
    hwm: Math.round(hwm),
  }),
)
