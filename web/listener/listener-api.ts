import type { ListenerSettings } from '../../src/http/contract/listener-contract.ts'
import type { HeardChapterView, HeardRange } from '../../src/http/contract/heard-contract.ts'
import type { PositionRequest, StoredPosition } from '../../src/http/contract/novel-contract.ts'
import { get, send } from '../api.ts'
import { base } from '../base.ts'
import { thisDevice } from './device.ts'
import type { SettingsChange } from './settings-merge.ts'

const novel = (id: string): string => `${base}/api/novels/${id}`

const settingsAddress = (novelId?: string): string =>
  `${novelId === undefined ? `${base}/api/listener` : novel(novelId)}/settings`

/** Lets the last one arrive although the page is being closed. */
const last = { keepalive: true } as const

/** What belongs to the listener. */
export const listenerApi = {
  /** For everything, or in one novel. */
  settings: (novelId?: string, signal?: AbortSignal) =>
    get<{ settings: ListenerSettings }>(settingsAddress(novelId), signal).then((a) => a.settings),
  changeSettings: (change: SettingsChange, novelId?: string) =>
    send<{ settings: ListenerSettings }>('PATCH', settingsAddress(novelId), change, last).then(
      (a) => a.settings,
    ),
  position: (novelId: string, signal?: AbortSignal) =>
    get<{ position: StoredPosition | null }>(`${novel(novelId)}/position`, signal).then((a) => a.position),
  savePosition: (novelId: string, position: PositionRequest) =>
    send<{ position: StoredPosition }>('PUT', `${novel(novelId)}/position`, position, last).then(
      (a) => a.position,
    ),
  saveHeard: (novelId: string, heard: HeardRange & { readonly chapterNumber: number }) =>
    send<{ heard: HeardChapterView }>(
      'PUT',
      `${novel(novelId)}/heard`,
      { ...heard, device: thisDevice().id },
      last,
    ).then((a) => a.heard),
} as const
