import { concatenate, trimSilence } from '../../audio/samples.ts'
import type { WordTime } from '../../novel/clip.ts'
import type { ClipDoubt } from '../../novel/clip-doubt.ts'
import { chunksFor } from '../server/speech-server-chunks.ts'
import type { Speech, SpeechEngine, Utterance } from '../speech-engine.ts'
import { type Expected, type Heard, listen, suspicion } from './second-ear.ts'

/** A take that can be used, and what is suspicious of it. */
export interface BestTake {
  readonly speech: Speech
  readonly doubt?: ClipDoubt
}

/** Seconds between two parts of a text that are spoken apart. */
const betweenParts = 0.15
/** A text is split into parts of at most so much of it. */
const partOfText = 0.7
/** With fewer characters there is nothing to split. */
const leastToSplit = 24

/**
 * Speaks a text and listens to it. What is suspicious is taken again with another seed, then in parts; the best take is
 * returned, and if that is suspicious too, why. `maySpeakAgain` is asked before each further take, which must not cost
 * the first one. Throws an `Error` if the first take fails or cannot be used at all.
 */
export async function speakBestTake(
  engine: Pick<SpeechEngine, 'speak'>,
  utterance: Utterance,
  expected: Expected,
  maySpeakAgain: () => boolean,
): Promise<BestTake> {
  const speech = await engine.speak(utterance)
  let best = usableTake(speech, expected)
  if (best.heard.reasons.length === 0) return { speech }
  let takes = 1
  const others = [
    () => engine.speak(retakeOf(utterance, 1)),
    () => speakInParts(engine, retakeOf(utterance, 2)),
  ]
  for (const speakAgain of others) {
    if (!maySpeakAgain()) break
    // A take that fails is no worse than the one there is.
    const other = await speakAgain().catch(() => undefined)
    if (other === undefined) continue
    takes++
    const heard = listen(other, expected)
    if (suspicion(heard) < suspicion(best.heard)) best = { speech: other, heard }
    if (heard.unusable === undefined && heard.reasons.length === 0) return { speech: other }
  }
  return { speech: best.speech, doubt: { reasons: best.heard.reasons, takes } }
}

/** Listens to a take that cannot be repeated here. Throws an `Error` if it cannot be used at all. */
export function hearTake(speech: Speech, expected: Expected): BestTake {
  const { heard } = usableTake(speech, expected)
  return { speech, ...(heard.reasons.length > 0 && { doubt: { reasons: heard.reasons, takes: 1 } }) }
}

function usableTake(speech: Speech, expected: Expected): { readonly speech: Speech; readonly heard: Heard } {
  const heard = listen(speech, expected)
  if (heard.unusable !== undefined) throw new Error(heard.unusable)
  return { speech, heard }
}

/**
 * Another take of the same: another seed, and as most networks use it for their noise alone, a speed that is 1.5 % less
 * or more, by which every phoneme gets another length.
 */
export function retakeOf<Spoken extends Pick<Utterance, 'seed' | 'speed'>>(
  spoken: Spoken,
  take: number,
): Spoken {
  const step = Math.min(4, Math.ceil(take / 2)) * 0.015
  return {
    ...spoken,
    seed: `${spoken.seed}~${take}`,
    speed: spoken.speed * (1 + (take % 2 === 1 ? -step : step)),
  }
}

/**
 * Speaks a text in parts, each by itself, and joins them. `undefined` if it has no place to part it. Throws what the
 * engine throws.
 */
async function speakInParts(
  engine: Pick<SpeechEngine, 'speak'>,
  utterance: Utterance,
): Promise<Speech | undefined> {
  const parts = partsOf(utterance)
  if (parts.length < 2) return undefined
  const samples: Float32Array[] = []
  const words: WordTime[] = []
  let [seconds, sampleRate] = [0, 0]
  let estimated = false
  for (const { start, utterance: part } of parts) {
    const speech = await engine.speak(part)
    estimated ||= speech.wordsAreEstimated === true
    const trimmed = trimSilence(speech.samples, speech.sampleRate)
    const shift = seconds - trimmed.start / speech.sampleRate
    const end = seconds + trimmed.samples.length / speech.sampleRate
    const inside = (at: number): number => Math.min(end, Math.max(seconds, at + shift))
    for (const word of speech.words)
      words.push({
        start: word.start + start,
        end: word.end + start,
        from: inside(word.from),
        to: inside(word.to),
      })
    const pause = new Float32Array(Math.round(betweenParts * speech.sampleRate))
    samples.push(trimmed.samples, pause)
    sampleRate = speech.sampleRate
    seconds = end + pause.length / sampleRate
  }
  return { samples: concatenate(samples), sampleRate, words, ...(estimated && { wordsAreEstimated: true }) }
}

interface Part {
  /** Where it begins in the whole text. */
  readonly start: number
  readonly utterance: Utterance
}

function partsOf(utterance: Utterance): Part[] {
  const { text, pronunciations = [], seed } = utterance
  if (text.length < leastToSplit) return []
  let from = 0
  return chunksFor(text, Math.ceil(text.length * partOfText)).map((chunk, index) => {
    const start = text.indexOf(chunk, from)
    from = start + chunk.length
    return {
      start,
      utterance: {
        ...utterance,
        text: chunk,
        seed: `${seed}/${index}`,
        pronunciations: pronunciations
          .filter((word) => word.start >= start && word.end <= start + chunk.length)
          .map((word) => ({ ...word, start: word.start - start, end: word.end - start })),
      },
    }
  })
}
