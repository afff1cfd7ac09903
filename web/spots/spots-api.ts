import type { CastView } from '../../src/http/contract/cast-contract.ts'
import type { Spot, SpotList } from '../../src/http/contract/spot-contract.ts'
import { addresses, ask, get, send } from '../api.ts'

const of = (novelId: string) => `${addresses.novels}/${novelId}/spots`

export function askSpots(novelId: string, signal: AbortSignal): Promise<SpotList> {
  return get(of(novelId), signal)
}

/** The list as it is then. */
export function settleSpot(novelId: string, spotId: string, fine: boolean): Promise<SpotList> {
  return send('PUT', `${of(novelId)}/${spotId}`, { fine })
}

/** Answers when the sentence is spoken. */
export function retakeSpot(novelId: string, spotId: string): Promise<SpotList> {
  return send('POST', `${of(novelId)}/${spotId}/retake`, {})
}

/** Answers when the take before is spoken again. */
export function takeSpotBack(novelId: string, spotId: string): Promise<SpotList> {
  return send('POST', `${of(novelId)}/${spotId}/undo`, {})
}

/** Gives a sentence a voice of its own; it is spoken so at once, unless other changes of the cast wait to be applied. */
export async function giveVoice(
  novelId: string,
  { chapterNumber, segment }: Pick<Spot, 'chapterNumber' | 'segment'>,
  voice: string,
): Promise<CastView> {
  const path = `${addresses.novels}/${novelId}/chapters/${chapterNumber}/segments/${segment}/voice`
  return (await send<{ cast: CastView }>('PUT', path, { voice, apply: true })).cast
}

export async function spotSound(novelId: string, spotId: string, signal: AbortSignal): Promise<Blob> {
  return (await ask(`${of(novelId)}/${spotId}/audio.m4a`, { signal })).blob()
}
