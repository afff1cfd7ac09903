import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEspeakEngine } from '../engines/espeak/espeak-engine.ts'
import { openHibari } from '../engines/hibari/hibari-engine.ts'
import type { SpeechEngine } from '../speech-engine.ts'
import { checkSpeech } from './speech-checks.ts'

let engines: ReadonlyMap<string, SpeechEngine>
beforeAll(async () => {
  const heart = fileURLToPath(new URL('../../../voices/heart', import.meta.url))
  const opened = await Promise.all([openEspeakEngine(), openHibari(heart)])
  engines = new Map(opened.map((engine) => [engine.name, engine]))
})
afterAll(async () => {
  for (const engine of engines.values()) await engine.close()
})

async function speak(text: string, voice: string): Promise<{ samples: Float32Array; sampleRate: number }> {
  return engines.get(voice.split(':')[0]!)!.speak({ text, voice, speed: 1, seed: 'x' })
}

/** The refused texts with the reasons. */
async function refusals(voice: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const text of texts) {
    const reason = checkSpeech(await speak(text, voice), text)
    if (reason !== undefined) found.push(`${text}: ${reason}`)
  }
  return found
}

const english =
  `No!|Oh—|I|Oh.|Chapter One|CHAPTER XVII|XVII|1|1999|II.|Mr. Darcy|Shh!|In 1812, 600,000 men crossed.
3.14159|U.S.A.|BBC|Aaaaaah!|“Ha! ha! ha!”|Strengths.|She said Привет, 你好 to them.|A’s & B’s: 50 %, $5.50 😀
The squirrels scratched through the branches.`.split(/[|\n]/)

describe('good speech passes', () => {
  test.each([
    ['hibari:heart', english],
    ['espeak:en-us', english],
    ['espeak:fr-fr', ['Non!', 'Qu’entends-je?', 'Quelles paupières!', 'En 1789.', 'Chapitre XVI.', 'Ah!']],
    ['espeak:de', ['Nein!', 'Im Jahre 1999.', 'Ja.', 'Donaudampfschifffahrt.', 'XIV. Kapitel', '9.']],
    ['espeak:cmn', ['好！', '他走了。', '1999年', '第一回', '小！”', '他打开窗户，看着街道。', 'OK 吗？']],
    ['espeak:vi', ['Không!', 'Ừ.', 'Đi!', 'Năm 1975.', 'Anh ấy đã đi rồi.', 'Trăm năm trong cõi người ta.']],
    ['espeak:ja', ['はい。', '東京へいく。', 'さよなら！']],
    ['espeak:ru', ['Нет!', 'Он ушёл.', 'В 1812 году.']],
  ] as const)('%s', async (voice, texts) => {
    expect(await refusals(voice, texts)).toEqual([])
  })
})

const books = new URL('../../../../shared/books/', import.meta.url)

describe.skipIf(!existsSync(books))('sentences of whole books pass (needs ../shared/books)', () => {
  test.each([
    ['war-and-peace.txt', 'utf8', 'hibari:heart', 30],
    ['war-and-peace.txt', 'utf8', 'espeak:en-us', 80],
    ['candide-latin1.txt', 'latin1', 'espeak:fr-fr', 80],
    ['die-verwandlung-latin1.txt', 'latin1', 'espeak:de', 80],
    ['xiyouji.txt', 'utf8', 'espeak:cmn', 120],
  ] as const)('%s (%s) by %s', async (file, encoding, voice, count) => {
    const text = readFileSync(new URL(file, books), encoding).replaceAll(/(?<!\n)\r?\n(?!\r?\n)/g, ' ')
    const sentences = (text.match(/[^.!?。！？\n]+[.!?。！？]*[”’」』]?/g) ?? [])
      .map((sentence) => sentence.trim())
      .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence) && sentence.length < 250)
    const step = Math.floor(sentences.length / count)
    expect(
      await refusals(
        voice,
        sentences.filter((_, index) => index % step === 0),
      ),
    ).toEqual([])
  })
})

test('faulty speech is refused', async () => {
  const text = 'She opened the window, and the cold air of the evening came in.'
  const { samples, sampleRate } = await speak(text, 'hibari:heart')
  const reason = (changed: Float32Array): string | undefined =>
    checkSpeech({ samples: changed, sampleRate }, text)
  const threefold = Float32Array.from(
    { length: 3 * samples.length },
    (_, index) => samples[index % samples.length]!,
  )
  const withTail = new Float32Array(samples.length + 3 * sampleRate)
  withTail.set(samples)
  expect(reason(samples)).toBeUndefined()
  expect(reason(new Float32Array())).toContain('empty')
  expect(reason(new Float32Array(sampleRate))).toContain('silent')
  expect(reason(samples.with(5000, Number.NaN))).toContain('not numbers')
  expect(reason(samples.map((value) => Math.max(-1, Math.min(1, value * 8))))).toContain('clipped')
  expect(reason(withTail)).toContain('silent for 3')
  expect(reason(threefold)).toContain('too long')
  expect(reason(samples.slice(0, samples.length / 4))).toContain('too short')
})
