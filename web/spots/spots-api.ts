import type { SpotList } from '../../src/http/contract/spot-contract.ts'
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

export async function spotSound(novelId: string, spotId: string, signal: AbortSignal): Promise<Blob> {
  return (await ask(`${of(novelId)}/${spotId}/audio.m4a`, { signal })).blob()
}
