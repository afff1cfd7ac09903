import type { Position } from '../../src/http/contract/novel-contract.ts'
import { recallObject, remember } from '../element/stored.ts'

/** A place in a novel and when it was listened to, in epoch milliseconds. */
export type Place = Position & { readonly at: number }

type Places = Readonly<Record<string, Place>>

/** Nobody goes on with so many books at once. */
const most = 50

/** Where this device is in novels, by their ids, the latest last. */
export function ownPlace(novelId: string): Place | undefined {
  return places('places')[novelId]
}

export function keepOwnPlace(novelId: string, place: Place): void {
  put('places', novelId, place)
}

/** Places that the server does not have yet. */
export function unsentPlaces(): Places {
  return places('places.unsent')
}

/** The latest place in a novel alone is worth to be sent. */
export function keepUnsent(novelId: string, place: Place): void {
  if ((unsentPlaces()[novelId]?.at ?? 0) <= place.at) put('places.unsent', novelId, place)
}

/** The server has a place, or does not want it; a later one is still to be sent. */
export function settlePlace(novelId: string, at: number): void {
  const { [novelId]: unsent, ...others } = unsentPlaces()
  if (unsent && unsent.at <= at) remember('places.unsent', others)
}

function put(name: string, novelId: string, place: Place): void {
  const { [novelId]: _, ...others } = places(name)
  remember(name, Object.fromEntries([...Object.entries(others).slice(1 - most), [novelId, place]]))
}

function places(name: string): Places {
  return (recallObject(name) as Places | undefined) ?? {}
}
