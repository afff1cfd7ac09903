import type { QueryClient } from '@tanstack/react-query'
import type { ListenerSettings } from '../../src/http/contract/listener-contract.ts'
import { isAway } from '../account/away.ts'
import { mayPass } from '../answer-error.ts'
import { recallObject, remember } from '../element/stored.ts'
import { keys } from '../keys.ts'
import { listenerApi } from './listener-api.ts'
import { bothChanges, inForce, type SettingsChange, withChange, withoutSent } from './settings-merge.ts'

/** Changes come by the dozen while a slider is drawn; what is set last is sent. */
const sendAfter = 300

const mirror = (novelId?: string): string => (novelId === undefined ? 'settings' : `settings.${novelId}`)
const outbox = (novelId?: string): string => `${mirror(novelId)}.unsent`

/** As this browser knew them last, changes that are not sent yet included: at once, and without a server. */
export function recalledSettings(novelId?: string): ListenerSettings {
  return recallObject(mirror(novelId)) ?? {}
}

/** Has this browser know these alone, of which the server is not told. */
export function rememberAlone(settings: ListenerSettings): void {
  remember(mirror(), settings)
}

function unsentChange(novelId?: string): SettingsChange | undefined {
  return isAway() ? undefined : recallObject(outbox(novelId))
}

/** The listener's settings, or those in one novel. */
export function settingsQuery(novelId?: string) {
  return {
    queryKey: keys.settings(novelId),
    queryFn: ({ signal }: { signal: AbortSignal }) => readSettings(novelId, signal),
    initialData: () => recalledSettings(novelId),
    initialDataUpdatedAt: 0,
  }
}

/** What was changed without a server is sent first. */
async function readSettings(novelId: string | undefined, signal: AbortSignal): Promise<ListenerSettings> {
  const sending = unsentChange(novelId)
  let stored: ListenerSettings
  try {
    stored = await (sending
      ? listenerApi.changeSettings(sending, novelId)
      : listenerApi.settings(novelId, signal))
  } catch (error) {
    // What the server refuses it refuses for good.
    if (sending && !mayPass(error)) remember(outbox(novelId), null)
    throw error
  }
  const unsent = unsentChange(novelId)
  const rest = sending && unsent ? withoutSent(unsent, sending) : unsent
  if (sending) remember(outbox(novelId), rest ?? null)
  const settings = rest ? withChange(stored, rest) : stored
  remember(mirror(novelId), settings)
  return settings
}

const sendings = new Map<string, ReturnType<typeof setTimeout>>()

/** Changes settings: on this page at once, on the server as soon as it can be. */
export function changeSettings(client: QueryClient, change: SettingsChange, novelId?: string): void {
  const name = mirror(novelId)
  const settings = withChange(recalledSettings(novelId), change)
  remember(outbox(novelId), bothChanges(unsentChange(novelId) ?? {}, change))
  remember(name, settings)
  client.setQueryData<ListenerSettings>(keys.settings(novelId), settings)
  clearTimeout(sendings.get(name))
  sendings.set(
    name,
    setTimeout(() => {
      sendings.delete(name)
      void sendUnsent(client, novelId).catch(() => undefined)
    }, sendAfter),
  )
}

/** A question that was under way already has sent nothing. */
async function sendUnsent(client: QueryClient, novelId?: string): Promise<void> {
  do await client.fetchQuery({ ...settingsQuery(novelId), staleTime: 0 })
  while (unsentChange(novelId) && !sendings.has(mirror(novelId)))
}

/** What holds now, outside of React; in a novel its own go first. */
export function currentSettings(client: QueryClient, novelId?: string) {
  const of = (id?: string): ListenerSettings =>
    client.getQueryData<ListenerSettings>(keys.settings(id)) ?? recalledSettings(id)
  return inForce(of(), novelId === undefined ? undefined : of(novelId))
}
