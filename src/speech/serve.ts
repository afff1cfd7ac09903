import { AacEncoder } from '../audio/aac-encoder.ts'
import { makeClip } from '../audio/clip.ts'
import { loudness, studioGain } from '../audio/loudness.ts'
import type { Clip } from '../novel/clip.ts'
import { plainWords, readPronunciations } from '../novel/pronunciation.ts'
import { engineOf } from '../novel/voice.ts'
import { calibrate, measured } from './calibration.ts'
import type { Engine, Speech } from './engine.ts'
import { checkSpeech } from './listening-checks.ts'
import { limitProcess } from './process-limits.ts'
import { ModelShelf } from './model-shelf.ts'
import { receivedSpeech } from './received-speech.ts'
import {
  type SpeakerMessage,
  type SpeakerRequest,
  speakerRequest,
  type SpeakRequest,
} from './speaker-protocol.ts'
import { heardPace, voicePace } from './voice-pace.ts'
import { proof, proofMemory } from './voice-proof.ts'
import { orUnavailable, VoiceUnavailable } from './voice-unavailable.ts'

/** With the server gone there is nobody to tell, not even that. */
function tell(message: SpeakerMessage): void {
  process.send?.(message, () => {})
}

/**
 * The life of a speaker process: says what it can speak, then turns one text after the other into a clip, measures what
 * was spoken elsewhere, or tries whether a file is a voice, until the server hangs up. Engine and encoder live together, so samples never cross a
 * process border. `shelf`: where the engines keep their models.
 */
export function serve(engines: readonly Engine[], shelf = new ModelShelf()): void {
  const encoder = new AacEncoder()
  const gains = new Measures()
  const paces = new Measures()

  const speak = async (request: SpeakRequest): Promise<Clip> => {
    const { text, voice, speed, seed, model, audio } = request
    if (audio) return clipOf(receivedSpeech(audio), request, request.gain ?? 1)
    const engine = engines.find(({ name }) => name === engineOf(voice))
    if (!engine) throw new VoiceUnavailable(`no engine speaks ${voice}`)
    const gain = request.gain ?? (await gains.of(request, () => calibrate(engine, voice, loudness, model)))
    const { pace = 1 } = request
    const factor =
      pace === 'measure'
        ? await paces.of(request, async () => voicePace(engine, await measured(engine, voice, model)))
        : pace
    const read = readPronunciations(text)
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
      start: read.offsetIn(word.start, 'start'),
      end: read.offsetIn(word.end, 'end'),
    }))
    return clipOf({ ...speech, words }, request, gain)
  }

  const clipOf = (speech: Speech, request: SpeakRequest, gain: number): Clip => {
    const { text, speed, leadSeconds, pauseSeconds } = request
    const complaint = checkSpeech(speech, plainWords(text), speed)
    if (complaint !== undefined) throw new Error(complaint)
    return makeClip(speech, { gain, leadSeconds, pauseSeconds }, encoder)
  }

  const answer = async (request: SpeakerRequest): Promise<SpeakerMessage> => {
    const { id } = request
    if (request.type === 'speak') {
      return { type: 'spoken', id, clip: await speak(request), loads: shelf.loads }
    }
    if (request.type === 'measure') {
      const heard = receivedSpeech(request.audio)
      const gain = studioGain(heard.samples, heard.sampleRate)
      return { type: 'measured', id, gain, pace: heardPace(heard, 'en') }
    }
    limitProcess({ memory: proofMemory })
    return { type: 'proved', id, proof: await proof(request, engines, shelf) }
  }

  process.on('disconnect', () => process.exit(0))
  process.on('message', (raw) => {
    const request = speakerRequest.parse(raw)
    answer(request).then(tell, (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      const type = error instanceof VoiceUnavailable ? 'voice-unavailable' : 'failed'
      tell({ type, id: request.id, reason, loads: shelf.loads })
    })
  })
  tell({ type: 'ready', engines: engines.map(({ name, version, voices }) => ({ name, version, voices })) })
}

/** What this process has measured of voices, once each. */
class Measures {
  readonly #known = new Map<string, Promise<number>>()

  of({ voice, model }: SpeakRequest, measure: () => Promise<number>): Promise<number> {
    const key = JSON.stringify([voice, model?.checksum, model?.configChecksum, model?.language])
    let known = this.#known.get(key)
    if (!known) {
      // It speaks other texts for that than the one that is asked for.
      known = orUnavailable(measure())
      this.#known.set(key, known)
      // A failure is this request's to tell; the next one measures again.
      known.catch(() => this.#known.delete(key))
    }
    return known
  }
}
