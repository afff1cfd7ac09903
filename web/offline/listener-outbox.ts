import { t } from '@lingui/core/macro'
import { isAway } from '../account/away.ts'
import { mayPass } from '../answer-error.ts'
import { send } from '../api.ts'
import { base } from '../base.ts'
import { newId } from '../listener/device.ts'
import { noteOffline } from './offline-note.ts'
import type { Outgoing } from './offline-database.ts'
import { offlineStorage } from './offline-storage.ts'
import { Outbox } from './outbox.ts'

/** Milliseconds until what could not be sent is tried again, though nothing else happens. */
const resendEvery = 20_000

/** What the listener did and the server does not know yet. */
const outbox = new Outbox({
  open: offlineStorage,
  mayPass,
  send: async ({ key, method, path, bodies, at, aged }) => {
    const agoSeconds = Math.max(0, Date.now() - at) / 1000
    let answer: unknown
    for (const body of bodies.length > 0 ? bodies : [undefined])
      // It arrives although the page is being closed; a note may be longer than what browsers allow then.
      answer = await send(method, base + path, body && (aged ? { ...body, agoSeconds } : body), {
        keepalive: !key.startsWith('bookmark/'),
      })
    return answer
  },
  alone: async (work) => {
    if (isAway()) return
    const { locks } = navigator as Partial<Navigator>
    if (!locks) return work()
    await locks.request(`nightjar outbox ${base}`, { ifAvailable: true }, (lock) =>
      lock ? work() : undefined,
    )
  },
  onRefused: ({ key, method }) => {
    // What is to be deleted and is not there has been.
    if (method === 'DELETE' || key.startsWith('hours/')) return
    noteOffline(
      t`Something that was heard or marked here without Nightjar belongs to a book that is not there any more. It was let go.`,
    )
  },
})

export function deliver(
  outgoing: Omit<Outgoing, 'at' | 'stamp'> & { readonly at?: number },
): Promise<unknown> {
  return outbox.deliver({ at: Date.now(), ...outgoing, stamp: newId() })
}

/** Sends what could not be sent, as far as the server takes it now. */
export function sendUnsent(): Promise<void> {
  // Where nothing may be kept there is nothing to send.
  return outbox.send().catch(() => undefined)
}

/** Sends what is there from an earlier time, now and then, and whenever the network is back. */
export function keepSending(): void {
  const again = (): void => void sendUnsent()
  again()
  setInterval(again, resendEvery)
  addEventListener('online', again)
}
