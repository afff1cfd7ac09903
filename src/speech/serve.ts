import { AacEncoder } from '../audio/aac-encoder.ts'
import { makeClip } from '../audio/clip.ts'
import { loudness } from '../audio/loudness.ts'
import type { Clip } from '../novel/clip.ts'
import { engineOf } from '../novel/voice.ts'
import { calibrate } from './calibration.ts'
import type { Engine } from './engine.ts'
import { checkSpeech } from './listening-checks.ts'
import { speakRequest, type SpeakerMessage, type SpeakRequest } from './speaker-protocol.ts'

function tell(message: SpeakerMessage): void {
  process.send?.(message)
}

/**
 * The life of a speaker process: says what it can speak, then turns one text after the other into a clip until the
 * server hangs up. Engine and encoder live together, so samples never cross a process border.
 */
export function serve(engines: readonly Engine[]): void {
  const encoder = new AacEncoder()
  const gains = new Map<string, Promise<number>>()

  const speak = async (request: SpeakRequest): Promise<Clip> => {
    const engine = engines.find(({ name }) => name === engineOf(request.voice))
    if (!engine) throw new Error(`no engine speaks ${request.voice}`)
    let gain = gains.get(request.voice)
    if (!gain) {
      gain = calibrate(engine, request.voice, loudness)
      gains.set(request.voice, gain)
      // A failure is this request's to tell; the next one measures again.
      gain.catch(() => gains.delete(request.voice))
    }
    const { text, voice, speed, seed, pauseSeconds } = request
    const speech = await engine.speak({ text, voice, speed, seed })
    const complaint = checkSpeech(speech, text, speed)
    if (complaint !== undefined) throw new Error(complaint)
    return makeClip(speech, { gain: await gain, pauseSeconds }, encoder)
  }

  process.on('disconnect', () => process.exit(0))
  process.on('message', (raw) => {
    const request = speakRequest.parse(raw)
    const { id } = request
    speak(request).then(
      (clip) => tell({ type: 'spoken', id, clip }),
      (error: unknown) =>
        tell({ type: 'failed', id, reason: error instanceof Error ? error.message : String(error) }),
    )
  })
  tell({ type: 'ready', engines: engines.map(({ name, version, voices }) => ({ name, version, voices })) })
}
