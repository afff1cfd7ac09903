import type { ListenerSettings } from '../../src/http/contract/listener-contract.ts'
import { get, send } from '../api.ts'
import { base } from '../base.ts'
import type { SettingsChange } from './settings-merge.ts'

const settingsAddress = (novelId?: string): string =>
  `${base}/api/${novelId === undefined ? 'listener' : `novels/${novelId}`}/settings`

/** What belongs to the listener. */
export const listenerApi = {
  /** For everything, or in one novel. */
  settings: (novelId?: string, signal?: AbortSignal) =>
    get<{ settings: ListenerSettings }>(settingsAddress(novelId), signal).then((a) => a.settings),
  changeSettings: (change: SettingsChange, novelId?: string) =>
    // `keepalive` lets the last one arrive although the page is being closed.
    send<{ settings: ListenerSettings }>('PATCH', settingsAddress(novelId), change, {
      keepalive: true,
    }).then((a) => a.settings),
} as const
