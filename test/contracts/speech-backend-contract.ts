import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeAdts } from '../../src/audio/codec/aac.ts'
import { RetryLater, type SpeechBackend, type SpeechTask } from '../../src/jobs/backends/speech-backends.ts'
import { type Clip, frameSamples, sampleRate } from '../../src/novel/clip.ts'

export interface BackendWorld extends AsyncDisposable {
  /** A voice that the backend speaks in; its texts may be refused by the word "refuses". */
  readonly voice: string
  /** The backend of the voice, as it is chosen for each segment. */
  backend(): SpeechBackend
  /** From now on the voice cannot be spoken in, whatever the text; until the result is disposed. */
  trouble(): Promise<AsyncDisposable>
  /** Removes the voice, or the server that has it. */
  removeVoice(): Promise<void>
}

const sentence = 'She opened the window, and the cold air of the evening came in.'

/** What every speech backend promises its caller, as tests. */
export function speechBackendContract(name: string, open: () => Promise<BackendWorld>): void {
  describe(`the speech backend ${name}`, () => {
    let world: BackendWorld
    beforeAll(async () => {
      world = await open()
    })
    afterAll(() => world[Symbol.asyncDispose]())

    const speak = (text: string, more: Partial<SpeechTask> = {}): Promise<Clip> =>
      world.backend().speak({
        text,
        voice: world.voice,
        speed: 1,
        paced: true,
        pauseSeconds: 0.25,
        seed: text,
        ...more,
      })

    const expectAvailable = (): void => {
      const now = Date.now()
      expect(world.backend().availableAt(world.voice)).toBeLessThanOrEqual(now)
      expect(world.backend().message(now, world.voice)).toBeUndefined()
      expect(world.backend().capacity).toBeGreaterThan(0)
    }

    test('takes as many texts at once as it says, each of which becomes its own clip', async () => {
      expectAvailable()
      const { capacity } = world.backend()
      expect(capacity).toBeGreaterThan(1)
      const texts = Array.from({ length: capacity }, (_, at) => `${sentence} ${'And so on. '.repeat(at)}`)
      const clips = await Promise.all(texts.map((text) => speak(text)))
      const lengths = clips.map(({ frameSizes }) => frameSizes.length)
      expect(lengths).toEqual(lengths.toSorted((one, other) => one - other))
      expect(new Set(lengths).size).toBe(capacity)
      expectAvailable()
    })

    test('gives clips in the studio’s form: whole frames, silent at both ends, and words within them', async () => {
      const { adts, frameSizes, words } = await speak(sentence)
      let at = 0
      for (const bytes of frameSizes) {
        expect([adts[at], (adts[at + 1] ?? 0) & 0xf6]).toEqual([0xff, 0xf0])
        at += bytes + 7
      }
      expect(at).toBe(adts.length)
      const samples = decodeAdts(adts)
      expect(samples.length).toBe(frameSizes.length * frameSamples)
      expect(peak(samples)).toBeGreaterThan(0.05)
      expect(peak(samples.subarray(0, frameSamples))).toBeLessThan(0.001)
      expect(peak(samples.subarray(-frameSamples))).toBeLessThan(0.001)
      let before = 0
      for (const { start, end, from, to } of words) {
        expect(start).toBeLessThan(end)
        expect(end).toBeLessThanOrEqual(sentence.length)
        expect(from).toBeGreaterThanOrEqual(before)
        expect(to).toBeLessThanOrEqual(samples.length / sampleRate)
        before = from
      }
    })

    test('puts the silence that is asked for before the speech and after it', async () => {
      const frames = async (more: Partial<SpeechTask>): Promise<number> =>
        (await speak(sentence, more)).frameSizes.length
      const plain = await frames({})
      const second = sampleRate / frameSamples
      expect(Math.abs((await frames({ pauseSeconds: 1.25 })) - plain - second)).toBeLessThanOrEqual(1)
      expect(Math.abs((await frames({ leadSeconds: 1 })) - plain - second)).toBeLessThanOrEqual(2)
    })

    test('adds no chance of its own: the same seed and the same speech give the same bytes', async () => {
      const one = await speak(sentence, { seed: 'a seed' })
      await speak('Something else, in between.')
      const other = await speak(sentence, { seed: 'a seed' })
      expect(Buffer.from(other.adts).equals(one.adts)).toBe(true)
      expect(other.words).toEqual(one.words)
    })

    test('lets the text fail that is at fault, which is no reason for others to wait', async () => {
      const error: unknown = await speak('She refuses.').catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(Error)
      expect(error).not.toBeInstanceOf(RetryLater)
      expectAvailable()
      await speak(sentence)
    })

    test('asks to wait where no text is at fault, says why, and goes on when it can', async () => {
      {
        await using _ = await world.trouble()
        const before = Date.now()
        for (const text of [sentence, 'Another one.'])
          await expect(speak(text)).rejects.toBeInstanceOf(RetryLater)
        expect(world.backend().availableAt(world.voice)).toBeGreaterThan(before)
        expect(world.backend().message(Date.now(), world.voice)).toMatch(/^\S.+\S$/)
      }
      // The caller comes again at `availableAt`, or sooner.
      await speak(sentence)
      expectAvailable()
    })

    test('without its voice, nothing is spoken and no text fails', async () => {
      const spoken = Promise.allSettled(Array.from({ length: 4 }, (_, at) => speak(`${sentence} ${at}`)))
      await world.removeVoice()
      for (const result of await spoken)
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(RetryLater)
      await expect(speak(sentence)).rejects.toBeInstanceOf(RetryLater)
      expect(world.backend().capacity).toBe(0)
      expect(world.backend().availableAt(world.voice)).toBe(Infinity)
      expect(world.backend().message(Date.now(), world.voice)).toContain('not installed any more')
    })
  })
}

function peak(samples: Float32Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
}
