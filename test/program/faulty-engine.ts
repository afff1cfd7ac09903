import type { SpeechEngine, Speech, Utterance } from '../../src/speech/speech-engine.ts'

const sampleRate = 24_000
/** What went wrong once and goes well from then on. */
const stumbled = new Set<string>()

/**
 * A quick engine for tests: hums a second of tone for every fifteen letters, and misbehaves where its text says so.
 */
export const faultyEngine: SpeechEngine = {
  name: 'odd',
  version: 'odd-1',
  voices: [{ id: 'odd:hum', engine: 'odd', name: 'Hum', language: 'en', neural: true }],
  async speak({ text, seed }: Utterance): Promise<Speech> {
    if (text.includes('crashes')) process.kill(process.pid, 'SIGKILL')
    if (text.includes('hangs')) await new Promise(() => undefined)
    if (text.includes('refuses')) throw new Error('I will not say that')
    if (text.includes('stumbles') && !stumbled.has(text)) {
      stumbled.add(text)
      throw new Error('let me begin again')
    }
    // As an engine whose noise is seeded: given the same again, it fails the same again.
    if (text.includes('unlucky') && !seed.endsWith('#2')) throw new Error('an unlucky seed')
    const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
    const seconds = text.includes('endless') ? 600 : letters / 15
    // What a second ear hears: `rushes` in the first take alone, `rushes thrice` in those made by themselves.
    const rushes =
      text.includes('rushes badly') ||
      (text.includes('rushes thrice') ? !/~[4-9]/.test(seed) : text.includes('rushes') && !seed.includes('~'))
    if (rushes) return { samples: hum(seconds / 4), sampleRate, words: [] }
    const samples = text.includes('silent') ? new Float32Array(seconds * sampleRate) : hum(seconds)
    if (text.includes('broken')) samples[100] = NaN
    return { samples, sampleRate, words: [{ start: 0, end: text.length, from: 0, to: seconds }] }
  },
  close: () => Promise.resolve(),
}

export function hum(seconds: number): Float32Array {
  const samples = new Float32Array(Math.round(seconds * sampleRate))
  for (let at = 0; at < samples.length; at++) {
    samples[at] =
      0.3 * Math.sin((2 * Math.PI * 220 * at) / sampleRate) * Math.sin((Math.PI * at) / samples.length)
  }
  return samples
}
