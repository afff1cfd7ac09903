import type { QueryClient } from '@tanstack/react-query'
import type { ListenerEvent } from '../../src/http/contract/event-contract.ts'
import { keys } from '../keys.ts'
import { thisDevice } from './device.ts'
import { listenerApi } from './listener-api.ts'
import { showPosition } from './shown-position.ts'

/** Another device that plays reports every few seconds. */
const positionEvery = 1000
const heardEvery = 15_000

const timers = new Map<string, ReturnType<typeof setTimeout>>()

/** Calls `renew` once within an interval, at its end. */
function soon(name: string, wait: number, renew: () => void): void {
  if (timers.has(name)) return
  timers.set(
    name,
    setTimeout(() => {
      timers.delete(name)
      renew()
    }, wait),
  )
}

/** Something of the listener was changed: what shows it asks again, unless it was this device that changed it. */
export function renewListener(client: QueryClient, { about, novelId, device }: ListenerEvent): void {
  const renew = (...changed: readonly (readonly unknown[])[]): void => {
    for (const queryKey of changed) void client.invalidateQueries({ queryKey })
  }
  if (about === 'settings') {
    void client.invalidateQueries({ queryKey: keys.settings(novelId), exact: true })
    return
  }
  if (about === 'bookmarks') renew(keys.bookmarks)
  if (about === 'begun') renew(keys.begun)
  if (about === 'hours') soon('hours', heardEvery, () => renew(keys.hours))
  if (device === thisDevice().id || novelId === undefined) return
  if (about === 'position')
    soon(`position ${novelId}`, positionEvery, () => void renewPosition(client, novelId))
  else if (about === 'heard')
    soon(`heard ${novelId}`, heardEvery, () =>
      renew(keys.heard(novelId), keys.novel(novelId), keys.chaptersOf(novelId), keys.novels, keys.begun),
    )
}

async function renewPosition(client: QueryClient, novelId: string): Promise<void> {
  // The novel may be deleted meanwhile; when the server is away, all is asked again afterwards.
  const position = await listenerApi.position(novelId).catch(() => null)
  if (position && position.device?.id !== thisDevice().id) showPosition(client, novelId, position)
}
