import { AacEncoder } from '../../audio/codec/aac.ts'
import { decodeAudio } from '../../audio/codec/decode-audio.ts'
import { resample } from '../../audio/codec/ffmpeg.ts'
import { makeClip } from '../../audio/mastering/clip-encoder.ts'
import { loudness, normalizationGain } from '../../audio/mastering/loudness.ts'
import { concatenate } from '../../audio/samples.ts'
import type { Clip } from '../../novel/clip.ts'
import { parsePronunciations, stripAnnotations } from '../../novel/pronunciation-annotations.ts'
import { engineOf } from '../../novel/voice.ts'
import { ModelCache } from '../onnx/model-cache.ts'
import { calibratedGain, voiceToMeasure } from '../quality/calibration.ts'
import { checkSpeech } from '../quality/speech-checks.ts'
import { measurePace, paceOfSpeech } from '../quality/voice-pace.ts'
import { asVoiceUnavailable, type Speech, type SpeechEngine, VoiceUnavailable } from '../speech-engine.ts'
import { limitProcess } from './process-limits.ts'
import { validateVoiceFile, validationMemory } from './voice-validation.ts'
import {
  type ReceivedAudio,
  type SpeakRequest,
  type WorkerMessage,
  type WorkerRequest,
  workerRequest,
} from './worker-protocol.ts'

/** With the server gone there is nobody to tell, not even that. */
function send(message: WorkerMessage): void {
  process.send?.(message, () => {})
}

/**
 * The life of a speaker process: says what it can speak, then turns one text after the other into a clip, measures what
 * was spoken elsewhere, or tries whether a file is a voice, until the server hangs up. Engine and encoder live together, so samples never cross a
 * process border. `shelf`: where the engines keep their models.
 */
export function serveRequests(engines: readonly SpeechEngine[], models = new ModelCache()): void {
  const encoder = new AacEncoder()
  const gains = new MeasurementCache()
  const paces = new MeasurementCache()

  const speak = async (request: SpeakRequest): Promise<Clip> => {
    const { text, voice, speed, seed, model, audio } = request
    if (audio) return clipOf(decodeReceivedSpeech(audio), request, request.gain ?? 1)
    const engine = engines.find(({ name }) => name === engineOf(voice))
    if (!engine) throw new VoiceUnavailable(`no engine speaks ${voice}`)
    const gain =
      request.gain ?? (await gains.of(request, () => calibratedGain(engine, voice, loudness, model)))
    const { pace = 1 } = request
    const factor =
      pace === 'measure'
        ? await paces.of(request, async () => measurePace(engine, await voiceToMeasure(engine, voice, model)))
        : pace
    const read = parsePronunciations(text)
    const { pronunciations } = read
    const speech = await engine.speak({
      text: read.text,
      pronunciations,
      // A recipe from before there was a pace keeps its sound.
      doubleR: request.pace === undefined,
      voice,
      speed: speed * factor,
      seed,
      model,
    })
    const words = speech.words.map((word) => ({
      ...word,
      start: read.toSpokenOffset(word.start, 'start'),
      end: read.toSpokenOffset(word.end, 'end'),
    }))
    return clipOf({ ...speech, words }, request, gain)
  }

  const clipOf = (speech: Speech, request: SpeakRequest, gain: number): Clip => {
    const { text, speed, leadSeconds, pauseSeconds } = request
    const complaint = checkSpeech(speech, stripAnnotations(text), speed)
    if (complaint !== undefined) throw new Error(complaint)
    return makeClip(speech, { gain, leadSeconds, pauseSeconds }, encoder)
  }

  const answer = async (request: WorkerRequest): Promise<WorkerMessage> => {
    const { id } = request
    if (request.type === 'speak') {
      return { type: 'spoken', id, clip: await speak(request), loads: models.loads }
    }
    if (request.type === 'measure') {
      const heard = decodeReceivedSpeech(request.audio)
      const gain = normalizationGain(heard.samples, heard.sampleRate)
      return { type: 'measured', id, gain, pace: paceOfSpeech(heard, 'en') }
    }
    limitProcess({ memory: validationMemory })
    return { type: 'proved', id, proof: await validateVoiceFile(request, engines, models) }
  }

  process.on('disconnect', () => process.exit(0))
  process.on('message', (raw) => {
    const request = workerRequest.parse(raw)
    answer(request).then(send, (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      const type = error instanceof VoiceUnavailable ? 'voice-unavailable' : 'failed'
      send({ type, id: request.id, reason, loads: models.loads })
    })
  })
  send({ type: 'ready', engines: engines.map(({ name, version, voices }) => ({ name, version, voices })) })
}

/** What this process has measured of voices, once each. */
class MeasurementCache {
  readonly #known = new Map<string, Promise<number>>()

  of({ voice, model }: SpeakRequest, measure: () => Promise<number>): Promise<number> {
    const key = JSON.stringify([voice, model?.checksum, model?.configChecksum, model?.language])
    let known = this.#known.get(key)
    if (!known) {
      // It speaks other texts for that than the one that is asked for.
      known = asVoiceUnavailable(measure())
      this.#known.set(key, known)
      // A failure is this request's to tell; the next one measures again.
      known.catch(() => this.#known.delete(key))
    }
    return known
  }
}

/**
 * What a speech server gave, as an engine would have made it, without word times: the pieces of a text one after the
 * other, at the rate of the first. Throws an `Error` when one of them is no sound.
 */
function decodeReceivedSpeech({ pieces, pcmRate }: ReceivedAudio): Speech {
  const sounds = pieces.map((bytes) => decodeAudio(bytes, pcmRate === undefined ? {} : { pcmRate }))
  const sampleRate = sounds[0]?.sampleRate ?? 0
  const parts = sounds.map((sound) =>
    sound.sampleRate === sampleRate ? sound.samples : resample(sound.samples, sound.sampleRate, sampleRate),
  )
  return { samples: concatenate(parts), sampleRate, words: [] }
}
