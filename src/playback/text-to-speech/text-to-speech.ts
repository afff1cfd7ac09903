import type { Logger } from 'pino'
import { adtsPayload } from '../../audio/codec/adts.ts'
import type { AudioFormat } from '../../audio/codec/audio-formats.ts'
import { transcode } from '../../audio/codec/transcode.ts'
import { layOutChapter } from '../../audio/mp4/chapter-mp4.ts'
import type { SpeechBackends } from '../../jobs/backends/speech-backends.ts'
import type { VoiceRegistry } from '../../jobs/voices/voice-registry.ts'
import { type Clip, recipeHash, textHash } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import type { Voice } from '../../novel/voice.ts'
import { calibrationTexts } from '../../speech/quality/calibration.ts'
import { PoolStopped } from '../../speech/worker/worker-pool.ts'
import { splitSentences } from './sentence-splitter.ts'
import type { Sentence } from './sentences-of-text.ts'
import type { QueuedRun } from './speech-queue.ts'

const maxAttempts = 2

/** What turns a text into speech at once, beside the novels. */
export interface TextToSpeech {
  readonly voices: VoiceRegistry
  readonly backends: SpeechBackends
  readonly pool: { readonly size: number }
  /** `wordList`: path of the user's pronunciation list. */
  readonly folder: { readonly wordList: string }
  readonly log: Logger
}

export interface SynthesisRequest {
  readonly text: string
  readonly voice: Voice
  /** 0.5–2. */
  readonly speed: number
  /** `aac`: the clips' frames as they are stored (ADTS), without transcoding. */
  readonly format: AudioFormat | 'aac'
}

/**
 * Streams a text as audio from its first sentence on. A few sentences are synthesized ahead; none after the signal is
 * aborted or the reader has stopped. A sentence that fails is retried once. Throws `speech.nothing-to-speak`,
 * `speech.no-sentences`, `voice.silent`, `server.stopping`, or the signal's reason: the stream then ends early, and
 * nothing is substituted for the missing rest.
 */
export function streamSpeech(
  context: TextToSpeech,
  request: SynthesisRequest,
  queued: QueuedRun,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const clips = synthesizeClips(context, request, queued, signal)
  return request.format === 'aac' ? adtsOf(clips) : transcode(clips, request.format, { signal })
}

async function* adtsOf(clips: AsyncIterable<Clip>): AsyncGenerator<Uint8Array> {
  for await (const { adts } of clips) yield adts
}

async function* synthesizeClips(
  { voices, pool, backends, folder, log }: TextToSpeech,
  { text, voice, speed }: SynthesisRequest,
  queued: QueuedRun,
  signal: AbortSignal,
): AsyncGenerator<Clip> {
  const recipe = voices.recipe({ voice: voice.id, speed, language: voice.language })
  const recipeId = recipeHash(recipe)
  const synthesize = ({ spoken, pause }: Sentence): Promise<Clip> => {
    log.debug({ voice: voice.id, characters: spoken.length }, 'synthesizing a sentence for the speech API')
    return backends.speak({
      text: spoken,
      voice: voice.id,
      speed,
      paced: recipe.pace !== undefined,
      accent: recipe.accent,
      pauseSeconds: recipe.pauses[pause],
      seed: `${recipeId}${textHash(spoken, pause)}`,
    })
  }
  const synthesizeWithRetry = async (sentence: Sentence): Promise<Clip> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await queued(() => synthesize(sentence))
      } catch (cause) {
        signal.throwIfAborted()
        if (cause instanceof PoolStopped) throw new Failure('server.stopping', {}, { cause })
        log.warn(
          { err: cause, voice: voice.id, attempt },
          'synthesizing a sentence for the speech API failed',
        )
        const detail = cause instanceof Error ? cause.message : String(cause)
        if (attempt === maxAttempts) throw new Failure('voice.silent', { voice: voice.id, detail }, { cause })
      }
    }
  }
  const prefetched: Promise<Clip>[] = []
  for await (const sentence of splitSentences(text, voice.language, signal, undefined, folder.wordList)) {
    const clip = synthesizeWithRetry(sentence)
    // Marks a rejection as handled; it is rethrown when this clip is awaited, if the reader gets that far.
    clip.catch(() => undefined)
    // One per speech worker, and a finished one for the reader.
    if (prefetched.push(clip) > pool.size) yield (await prefetched.shift()) as Clip
  }
  if (prefetched.length === 0) throw new Failure('speech.nothing-to-speak')
  yield* prefetched
}

/** A clip as a complete `.m4a`. */
export function clipFile({ adts, frameSizes }: Clip, voice: string): Uint8Array {
  const { header } = layOutChapter([frameSizes], { title: voice, novelTitle: 'Nightjar', author: voice })
  return Buffer.concat([header, adtsPayload(adts, frameSizes)])
}

/**
 * Synthesizes a voice's sample as a complete `.m4a`, ahead of all pending segments. Throws `voice.unknown`,
 * `voice.silent`.
 */
export async function synthesizeSample(
  { voices, backends }: Pick<TextToSpeech, 'voices' | 'backends'>,
  voiceId: string,
  options: { readonly text?: string | undefined; readonly speed?: number | undefined },
): Promise<Uint8Array> {
  const voice = voices.byId(voiceId)
  const text = options.text ?? calibrationTexts(voice.language).join(' ')
  try {
    const clip = await backends.speak({
      text,
      voice: voice.id,
      speed: options.speed ?? 1,
      paced: true,
      accent: voices.accentOf(voice.id),
      pauseSeconds: 0.25,
      seed: 'sample',
    })
    return clipFile(clip, voice.name)
  } catch (error) {
    throw new Failure(
      'voice.silent',
      { voice: voiceId, detail: error instanceof Error ? error.message : String(error) },
      { cause: error },
    )
  }
}
