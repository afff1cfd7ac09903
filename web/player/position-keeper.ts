import type { QueryClient } from '@tanstack/react-query'
import type { Position } from '../../src/http/contract/novel-contract.ts'
import { thisDevice } from '../listener/device.ts'
import { listenerApi } from '../listener/listener-api.ts'
import { showPosition } from '../listener/shown-position.ts'
import { keepOwnPlace } from '../listener/own-places.ts'
import { sendUnsent } from '../offline/listener-outbox.ts'

const saveEvery = 5000
/** The server forgets a listener who says nothing for ten minutes; who presses play again is one, though nothing moved. */
const repeatAfter = 5 * 60_000

/** Tells the server where the listener is: every few seconds while it plays, and at once when it stops. */
export class PositionKeeper {
  readonly #client: QueryClient
  #saved = 0
  #last = ''

  constructor(client: QueryClient) {
    this.#client = client
  }

  /** `now`: not later, since the page may be gone then. A place that cannot be saved is kept, and sent when it can be. */
  save(novelId: string, position: Position, now: boolean): void {
    const words = JSON.stringify([novelId, position])
    const age = Date.now() - this.#saved
    if ((words === this.#last && age < repeatAfter) || (!now && age < saveEvery)) return
    this.#saved = Date.now()
    this.#last = words
    keepOwnPlace(novelId, { ...position, at: this.#saved })
    void this.#send(novelId, position, this.#saved)
    showPosition(this.#client, novelId, {
      ...position,
      device: thisDevice(),
      updatedAt: new Date().toISOString(),
    })
  }

  async #send(novelId: string, position: Position, at: number): Promise<void> {
    try {
      const stored = await listenerApi.savePosition(novelId, { ...position, device: thisDevice() }, at)
      if (!stored) this.#last = ''
      // Another device was listened to later; or a page was opened meanwhile, and told of the place before.
      else if (stored.device?.id !== thisDevice().id || at === this.#saved)
        showPosition(this.#client, novelId, stored)
      if (stored) void sendUnsent()
    } catch {
      // What the server refuses it refuses for good: the novel was deleted meanwhile.
      this.#last = ''
    }
  }
}
