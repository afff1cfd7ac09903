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

function put(name: string, novelId: string, place: Place): void {
  const { [novelId]: _, ...others } = places(name)
  remember(name, Object.fromEntries([...Object.entries(others).slice(1 - most), [novelId, place]]))
}

function places(name: string): Places {
  return (recallObject(name) as Places | undefined) ?? {}
}
