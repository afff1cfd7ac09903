import type { QueryClient } from '@tanstack/react-query'
import type { Position } from '../../src/http/contract/novel-contract.ts'
import { mayPass } from '../answer-error.ts'
import { thisDevice } from '../listener/device.ts'
import { listenerApi } from '../listener/listener-api.ts'
import { showPosition } from '../listener/shown-position.ts'
import { keepOwnPlace, keepUnsent, type Place, settlePlace, unsentPlaces } from '../listener/unsent-places.ts'

const saveEvery = 5000
/** Until what could not be sent is sent once more, though nothing plays. */
const resendEvery = 20_000
/** The server forgets a listener who says nothing for ten minutes; who presses play again is one, though nothing moved. */
const repeatAfter = 5 * 60_000

/** Tells the server where the listener is: every few seconds while it plays, and at once when it stops. */
export class PositionKeeper {
  readonly #client: QueryClient
  #saved = 0
  #last = ''
  readonly #resending = new Set<string>()

  constructor(client: QueryClient) {
    this.#client = client
    this.sendUnsent()
    setInterval(() => this.sendUnsent(), resendEvery)
  }

  /** `now`: not later, since the page may be gone then. A place that cannot be saved is kept, and sent when it can be. */
  save(novelId: string, position: Position, now: boolean): void {
    const words = JSON.stringify([novelId, position])
    const age = Date.now() - this.#saved
    if ((words === this.#last && age < repeatAfter) || (!now && age < saveEvery)) return
    this.#saved = Date.now()
    this.#last = words
    const place = { ...position, at: this.#saved }
    keepOwnPlace(novelId, place)
    void this.#send(novelId, place)
    showPosition(this.#client, novelId, {
      ...position,
      device: thisDevice(),
      updatedAt: new Date().toISOString(),
    })
  }

  async #send(novelId: string, { at, ...position }: Place): Promise<void> {
    const agoSeconds = Math.max(0, Date.now() - at) / 1000
    try {
      const sent = { ...position, agoSeconds, device: thisDevice() }
      const stored = await listenerApi.savePosition(novelId, sent)
      settlePlace(novelId, at)
      // Another device was listened to later.
      if (stored.device?.id !== thisDevice().id) showPosition(this.#client, novelId, stored)
      this.sendUnsent()
    } catch (error) {
      this.#last = ''
      // What the server refuses it refuses for good: the novel was deleted meanwhile.
      if (mayPass(error)) keepUnsent(novelId, { ...position, at })
      else settlePlace(novelId, at)
    }
  }

  /** Sends what could not be sent. */
  sendUnsent(): void {
    for (const [novelId, place] of Object.entries(unsentPlaces())) {
      if (this.#resending.has(novelId)) continue
      this.#resending.add(novelId)
      void this.#send(novelId, place).finally(() => this.#resending.delete(novelId))
    }
  }
}
