import { expect, test } from 'vitest'
import { loudness } from '../../audio/mastering/loudness.ts'
import { openEspeakEngine } from '../engines/espeak/espeak-engine.ts'
import { calibratedGain } from './calibration.ts'

test.each(['espeak:en-us', 'espeak:vi', 'espeak:cmn', 'espeak:lb', 'espeak:cv'])(
  '%s gets the same gain to −19 LUFS each time',
  async (voice) => {
    const engine = await openEspeakEngine()
    let [heard, rate] = [new Float32Array(), 0]
    const gain = await calibratedGain(engine, voice, (samples, sampleRate) => {
      ;[heard, rate] = [new Float32Array(samples), sampleRate]
      return loudness(samples, sampleRate)
    })
    expect(
      loudness(
        heard.map((value) => value * gain),
        rate,
      ),
    ).toBeCloseTo(-19, 1)
    expect(await calibratedGain(engine, voice, loudness)).toBe(gain)
    await engine.close()
  },
)

test('an unknown voice cannot be measured', async () => {
  const engine = await openEspeakEngine()
  await expect(calibratedGain(engine, 'espeak:none', loudness)).rejects.toThrow(
    'espeak has no voice espeak:none',
  )
  await engine.close()
})
