import { adtsPayload } from '../audio/adts.ts'
import { layOutChapter } from '../audio/m4a.ts'
import type { Application } from '../generation/studio.ts'
import { Failure } from '../novel/failure.ts'
import { calibrationTexts } from '../speech/calibration.ts'

/**
 * A voice's sample as a whole `.m4a`, spoken as soon as a speaker is free, before anything that waits. Throws
 * `voice.unknown`, `voice.silent`.
 */
export async function synthesizeSample(
  { voices, backends }: Application,
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
    const { header } = layOutChapter([clip.frameSizes], {
      title: voice.name,
      novelTitle: 'Nightjar',
      author: voice.name,
    })
    return Buffer.concat([header, adtsPayload(clip.adts, clip.frameSizes)])
  } catch (error) {
    throw new Failure(
      'voice.silent',
      { voice: voiceId, detail: error instanceof Error ? error.message : String(error) },
      { cause: error },
    )
  }
}
