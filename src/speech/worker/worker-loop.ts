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
import { type BestTake, hearTake, speakBestTake } from '../quality/best-take.ts'
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

/** Ignores a failed send: the server is gone. */
function send(message: WorkerMessage): void {
  process.send?.(message, () => {})
}

/**
 * Main loop of a speech worker: reports its engines, then handles one request after another until the server
 * disconnects: turns a text into a clip, measures received audio, or validates a voice file. Engine and encoder share
 * the process, so samples never cross a process boundary. `models`: the engines' model cache.
 */
export function serveRequests(engines: readonly SpeechEngine[], models = new ModelCache()): void {
  const encoder = new AacEncoder()
  let preparations = 0
  const onPreparing = (begins: boolean): void => {
    preparations += begins ? 1 : -1
    if (preparations === Number(begins)) send({ type: 'preparing', active: begins })
  }
  models.onLoading = onPreparing
  const gains = new MeasurementCache(onPreparing)
  const paces = new MeasurementCache(onPreparing)

  const speak = async (request: SpeakRequest): Promise<Clip> => {
    const { text, voice, speed, seed, model, audio } = request
    if (audio) {
      const expected = { text: stripAnnotations(text), speed, neural: true }
      return clipOf(hearTake(decodeReceivedSpeech(audio), expected), request, request.gain ?? 1)
    }
    const engine = engines.find(({ name }) => name === engineOf(voice))
    if (!engine) throw new VoiceUnavailable(`no engine speaks ${voice}`)
    const known = model === undefined ? engine.measureOf?.(voice) : undefined
    const gain =
      request.gain ??
      known?.gain ??
      (await gains.of(request, () => calibratedGain(engine, voice, loudness, model)))
    const { pace = 1 } = request
    const factor =
      pace === 'measure'
        ? (known?.pace ??
          (await paces.of(request, async () =>
            measurePace(engine, await voiceToMeasure(engine, voice, model)),
          )))
        : pace
    const parsed = parsePronunciations(text)
    const own = engine.voices.find(({ id }) => id === voice)
    const begun = performance.now()
    let takes = 0
    const { speech, doubt } = await speakBestTake(
      engine,
      {
        text: parsed.text,
        pronunciations: parsed.pronunciations,
        // Recipes older than the pace rule keep their sound.
        doubleR: request.pace === undefined,
        voice,
        speed: speed * factor,
        seed,
        model,
      },
      {
        text: parsed.text,
        speed,
        language: request.pace === undefined ? undefined : (model?.language ?? own?.language),
        neural: own?.neural ?? true,
      },
      // Before the server ends this process, which would cost the take that there is.
      () => (performance.now() - begun) * (1 + 1 / ++takes) < (request.timeoutMs ?? 0) / 2,
    )
    const words = speech.words.map((word) => ({
      ...word,
      start: parsed.toSpokenOffset(word.start, 'start'),
      end: parsed.toSpokenOffset(word.end, 'end'),
    }))
    return clipOf({ speech: { ...speech, words }, ...(doubt && { doubt }) }, request, gain)
  }

  const clipOf = ({ speech, doubt }: BestTake, request: SpeakRequest, gain: number): Clip => {
    const { leadSeconds, pauseSeconds } = request
    const clip = makeClip(speech, { gain, leadSeconds, pauseSeconds }, encoder)
    return doubt ? { ...clip, doubt } : clip
  }

  const answer = async (request: WorkerRequest): Promise<WorkerMessage> => {
    const { id } = request
    if (request.type === 'speak') {
      return { type: 'spoken', id, clip: await speak(request), loads: models.loads }
    }
    if (request.type === 'measure') {
      const speech = decodeReceivedSpeech(request.audio)
      const gain = normalizationGain(speech.samples, speech.sampleRate)
      return { type: 'measured', id, gain, pace: paceOfSpeech(speech, 'en') }
    }
    limitProcess({ memory: validationMemory })
    return { type: 'validated', id, validation: await validateVoiceFile(request, engines, models) }
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

/** Measurements of voices in this process, once per voice. */
class MeasurementCache {
  readonly #measured = new Map<string, Promise<number>>()
  readonly #onMeasuring: (begins: boolean) => void

  /** `onMeasuring` is called when a measurement begins and when it ends. */
  constructor(onMeasuring: (begins: boolean) => void) {
    this.#onMeasuring = onMeasuring
  }

  of({ voice, model }: SpeakRequest, measure: () => Promise<number>): Promise<number> {
    const key = JSON.stringify([voice, model?.checksum, model?.configChecksum, model?.language])
    let measurement = this.#measured.get(key)
    if (!measurement) {
      // Measuring speaks other texts, so its failure is not the requested text's.
      this.#onMeasuring(true)
      measurement = asVoiceUnavailable(measure()).finally(() => this.#onMeasuring(false))
      this.#measured.set(key, measurement)
      // This request gets the error; the next one measures again.
      measurement.catch(() => this.#measured.delete(key))
    }
    return measurement
  }
}

/**
 * Decodes received audio to an engine's speech, without word times: the chunks of a text concatenated, at the rate of
 * the first. Throws an `Error` if one of them is not audio.
 */
function decodeReceivedSpeech({ chunks, pcmRate }: ReceivedAudio): Speech {
  const sounds = chunks.map((bytes) => decodeAudio(bytes, pcmRate === undefined ? {} : { pcmRate }))
  const sampleRate = sounds[0]?.sampleRate ?? 0
  const parts = sounds.map((sound) =>
    sound.sampleRate === sampleRate ? sound.samples : resample(sound.samples, sound.sampleRate, sampleRate),
  )
  return { samples: concatenate(parts), sampleRate, words: [] }
}
