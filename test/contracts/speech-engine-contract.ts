import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VoiceModel } from '../../src/novel/installed-voice.ts'
import type { SpeechEngine, Speech, Utterance } from '../../src/speech/speech-engine.ts'

const sentence = 'She opened the window, and the cold air of the evening came in.'
const long = `${sentence} The old man looked up from his letter. `.repeat(6).slice(0, 600)

interface ContractSubject {
  /** Opens the engine anew. */
  readonly open: () => Promise<SpeechEngine>
  /** One of its voices that reads English. */
  readonly voice: string
  /** The model of `voice`, if that is an installed one. */
  readonly model?: VoiceModel
  /** The same voice in another language, or its counterpart there. */
  readonly otherLanguage: Pick<Utterance, 'voice' | 'model'>
  /** Opens the engine with another built-in model; absent for engines without one. */
  readonly openOtherModel?: () => Promise<SpeechEngine>
  /** Whether it reads letters instead of phonemes: a word is said as it is written. */
  readonly readsLetters?: boolean
}

/** What every engine promises, as tests. */
export function speechEngineContract(
  name: string,
  { open, voice, model, otherLanguage, openOtherModel, readsLetters = false }: ContractSubject,
): void {
  describe(`the engine ${name} with the voice ${voice}`, () => {
    let engine: SpeechEngine
    beforeAll(async () => {
      engine = await open()
    })
    afterAll(() => engine.close())

    const speak = (text: string, rest: Partial<Utterance> = {}): Promise<Speech> =>
      engine.speak({ text, voice, speed: 1, seed: 'seed', model, ...rest })

    test('names itself, its version and its voices', () => {
      expect(engine.name).toBe(name)
      expect(engine.version).not.toBe('')
      if (model === undefined) expect(engine.voices.map(({ id }) => id)).toContain(voice)
      expect(new Set(engine.voices.map(({ id }) => id)).size).toBe(engine.voices.length)
      for (const { id, language } of engine.voices) {
        expect(id.startsWith(`${name}:`)).toBe(true)
        expect(Intl.getCanonicalLocales(language)).toEqual([language])
      }
    })

    test('speaks a sentence aloud, as fast as people do', async () => {
      const speech = await speak(sentence)
      expect(soundFaults(speech)).toEqual([])
      const rate = lettersOf(sentence) / seconds(speech)
      expect(rate).toBeGreaterThan(7)
      expect(rate).toBeLessThan(28)
    })

    test('gives the same samples for the same request, whatever was spoken between', async () => {
      const first = await speak(sentence)
      await speak('Something else, 1999 times!', { seed: 'other', speed: 1.5 })
      const second = await speak(sentence)
      expect(second.samples).toEqual(first.samples)
      expect(second.words).toEqual(first.words)
    })

    test.each([0.5, 2])('speaks at speed %d in that part of the time', async (speed) => {
      const [usual, changed] = [await speak(sentence), await speak(sentence, { speed })]
      const factor = seconds(usual) / seconds(changed)
      expect(factor / speed).toBeGreaterThan(0.7)
      expect(factor / speed).toBeLessThan(1.4)
    })

    test.each([sentence, long, 'No!', 'It was 1999, 10:30 a.m.; “well—yes,” he said.'])(
      'tells when the words of "%s" are heard',
      async (text) => {
        const speech = await speak(text)
        expect(wordFaults(speech, text)).toEqual([])
        // Every letter and digit belongs to a word.
        const heard = new Set(speech.words.flatMap(({ start, end }) => range(start, end)))
        for (const match of text.matchAll(/[\p{L}\p{N}]/gu)) expect(heard).toContain(match.index)
      },
    )

    test.runIf(!readsLetters)('says a word as it is told to, and when', async () => {
      const text = 'They read it, and “read” the letter.'
      const pronunciations = [
        { start: 5, end: 9, phonemes: 'ɹˈɛd' },
        { start: 19, end: 23, phonemes: 'ɹˈɛd' },
      ]
      const [plain, told] = [await speak(text), await speak(text, { pronunciations })]
      expect(wordFaults(told, text)).toEqual([])
      expect(told.samples).not.toEqual(plain.samples)
      const words = told.words.map(({ start, end }) => text.slice(start, end))
      expect(words.filter((word) => word === 'read').length).toBe(2)
    })

    test.each([
      ['a single word', 'No!'],
      ['a single letter', 'I'],
      ['six hundred characters', long],
      ['sixty times the same letter', 'A'.repeat(60)],
      ['digits', '1999, 3.14 and 1,000,000'],
      ['markup', 'He wrote "<b>" & \'<speak>\' &amp; laughed </p>.'],
      ['a code of the library', "[[h@l'oU]] he said, #!*_~|^\\ twice."],
      ['words of other scripts', 'She said Привет, 你好 and مرحبا to them.'],
      ['signs beyond the basic plane', 'A smile 😀 and a 𝒳 here.'],
      ['blanks and new lines', '  One \n two\tthree  '],
    ])('speaks %s', async (_, text) => {
      const speech = await speak(text)
      expect(soundFaults(speech)).toEqual([])
      expect(wordFaults(speech, text)).toEqual([])
    })

    test.each(['', ' ', '…', '“—!?”'])('refuses "%s", which has nothing to speak', async (text) => {
      await expect(speak(text)).rejects.toThrow(Error)
    })

    test.each([`${name}:no-such-voice`, 'other:voice', ''])('refuses the voice "%s"', async (other) => {
      await expect(speak(sentence, { voice: other, model: undefined })).rejects.toThrow(Error)
    })

    test('speaks on after an error, as before', async () => {
      const before = await speak(sentence)
      await expect(speak('…')).rejects.toThrow(Error)
      await expect(speak(sentence, { voice: `${name}:no-such-voice`, model: undefined })).rejects.toThrow(
        Error,
      )
      expect((await speak(sentence)).samples).toEqual(before.samples)
    })

    test('speaks the same text otherwise in another language', async () => {
      const text = 'The vase stood in the bath, on a schedule.'
      const [one, other] = [await speak(text), await speak(text, otherLanguage)]
      expect(soundFaults(other)).toEqual([])
      expect(other.samples).not.toEqual(one.samples)
    })

    test.runIf(openOtherModel)('has another version with another built-in model', async () => {
      const other = await openOtherModel!()
      expect(other.version).not.toBe(engine.version)
      await other.close()
    })

    test('can be closed, twice even, while another of its kind speaks on', async () => {
      const other = await open()
      expect(soundFaults(await other.speak({ text: 'One.', voice, speed: 1, seed: 'seed', model }))).toEqual(
        [],
      )
      await other.close()
      await other.close()
      expect(soundFaults(await speak('Two.'))).toEqual([])
    })
  })
}

function soundFaults({ samples, sampleRate }: Speech): string[] {
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return faults([
    ['the rate is too low', sampleRate < 8000],
    ['it is too short', samples.length < sampleRate / 10],
    ['some samples are not numbers', !samples.every(Number.isFinite)],
    ['it is silent', peak < 0.01],
  ])
}

function wordFaults(speech: Speech, text: string): string[] {
  const { words } = speech
  return words.flatMap(({ start, end, from, to }, index) => {
    const before = words[index - 1] ?? { end: 0, to: 0 }
    const word = text.slice(start, end)
    return faults([
      [`"${word}" begins in the word before it`, start < before.end],
      [`the word at ${start} is empty`, end <= start],
      [`"${word}" goes on after the text`, end > text.length],
      [`"${word}" is heard too early`, from < before.to],
      [`"${word}" ends before it begins`, to < from],
      [`"${word}" is heard after the end`, to > seconds(speech) + 1e-6],
    ])
  })
}

function faults(found: readonly (readonly [string, boolean])[]): string[] {
  return found.filter(([, wrong]) => wrong).map(([fault]) => fault)
}

function seconds({ samples, sampleRate }: Speech): number {
  return samples.length / sampleRate
}

function lettersOf(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index)
}
