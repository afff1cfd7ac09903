import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { trimSilence } from '../../audio/samples.ts'
import type { Chapter } from '../../novel/novel.ts'
import { segmentChapter } from '../../segmenter/segmenter.ts'
import { openEspeakEngine } from '../engines/espeak/espeak-engine.ts'
import { openHibari } from '../engines/hibari/hibari-engine.ts'
import type { SpeechEngine } from '../speech-engine.ts'
import { calibrationTexts } from './calibration.ts'
import { measurePace, paceOfSpeech } from './voice-pace.ts'

const heart = await openHibari(fileURLToPath(new URL('../../../voices/heart', import.meta.url)))
const espeak = await openEspeakEngine()
afterAll(async () => {
  await heart.close()
  await espeak.close()
})

/** From The Time Machine, Frankenstein and Pride and Prejudice: narration, description and dialogue. */
const page = `The Time Traveller (for so it will be convenient to speak of him) was expounding a recondite matter to us. His pale grey eyes shone and twinkled, and his usually pale face was flushed and animated. The fire burnt brightly, and the soft radiance of the incandescent lights in the lilies of silver caught the bubbles that flashed and passed in our glasses.

It was on a dreary night of November that I beheld the accomplishment of my toils. With an anxiety that almost amounted to agony, I collected the instruments of life around me, that I might infuse a spark of being into the lifeless thing that lay at my feet. It was already one in the morning; the rain pattered dismally against the panes, and my candle was nearly burnt out.

“My dear Mr. Bennet,” said his lady to him one day, “have you heard that Netherfield Park is let at last?”

Mr. Bennet replied that he had not.

“But it is,” returned she; “for Mrs. Long has just been here, and she told me all about it.”

Mr. Bennet made no answer.

“Do not you want to know who has taken it?” cried his wife, impatiently.`
const chapter: Pick<Chapter, 'blocks' | 'skips'> = {
  blocks: page.split('\n\n').map((text) => ({ kind: 'paragraph', text })),
  skips: [],
}
const pauses = { sentence: 0.25, paragraph: 0.6, section: 1.2 }

/** Words a minute with the default pauses. */
async function wordsAMinute(engine: SpeechEngine, voice: string, speed: number): Promise<number> {
  let [seconds, words] = [0, 0]
  for (const { spoken, pause } of segmentChapter(chapter, 'en').segments) {
    const speech = await engine.speak({ text: spoken, voice, speed, seed: 'seed' })
    seconds +=
      trimSilence(speech.samples, speech.sampleRate).samples.length / speech.sampleRate + pauses[pause]
    words += spoken.split(/\s+/).length
  }
  return (words * 60) / seconds
}

test.each([
  ['Heart', heart, 'hibari:heart', 'en-US'],
  ['eSpeak', espeak, 'espeak:en-us', 'en-US'],
  ['eSpeak, British', espeak, 'espeak:en-gb', 'en-GB'],
] as const)('%s reads a novel at 150 to 165 words a minute', async (_, engine, voice, language) => {
  const pace = await measurePace(engine, { voice, language })
  expect(await measurePace(engine, { voice, language })).toBe(pace)
  expect(pace).toBeLessThan(1)
  const rate = await wordsAMinute(engine, voice, pace)
  expect(rate).toBeGreaterThan(150)
  expect(rate).toBeLessThan(165)
})

test('a slow voice is sped up, and voices of other languages are measured by syllables', async () => {
  const slow: SpeechEngine = {
    name: 'slow',
    version: '1',
    voices: [],
    speak: (utterance) => espeak.speak({ ...utterance, speed: 0.6 * utterance.speed }),
    close: () => Promise.resolve(),
  }
  expect(await measurePace(slow, { voice: 'espeak:en-us', language: 'en' })).toBeGreaterThan(1.1)
  for (const [voice, language] of [
    ['espeak:fr-fr', 'fr'],
    ['espeak:vi', 'vi'],
    ['espeak:ru', 'ru'],
  ] as const) {
    const pace = await measurePace(espeak, { voice, language })
    expect(pace).toBeGreaterThan(0.5)
    expect(pace).toBeLessThan(1)
  }
  expect(await measurePace(espeak, { voice: 'espeak:cy', language: 'cy' })).toBe(1)
})

test('the pace of one continuous recording is about that measured sentence by sentence', async () => {
  const [text = ''] = calibrationTexts('en')
  const speech = await heart.speak({ text, voice: 'hibari:heart', speed: 1, seed: 'calibration' })
  const pace = await measurePace(heart, { voice: 'hibari:heart', language: 'en' })
  expect(Math.abs(paceOfSpeech(speech, 'en') / pace - 1)).toBeLessThan(0.05)
})
