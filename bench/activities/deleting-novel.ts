import { setTimeout as wait } from 'node:timers/promises'
import type { Health } from '../../src/http/contract/health-contract.ts'
import { longStory } from '../../test/fixtures/long-story.ts'
import type { Activity } from './activity.ts'
import { figure } from '../figures.ts'
import { spokenFolder } from '../spoken-folder.ts'

const maxSeconds = 60

export const deletingNovel: Activity = {
  what: 'a novel of 10 hours is deleted and its clips are swept',
  fill: (data, quick) => spokenFolder(data, longStory(quick ? 10 : 200, 40), { secondsPerClip: 4.5 }),
  async begin({ server }) {
    const { novels } = await server.json<{ novels: { id: string }[] }>('/api/novels')
    const health = async () => (await server.json<Health>('/api/health')).database
    const before = await health()
    return async () => {
      const since = performance.now()
      for (const { id } of novels) await server.fetch(`/api/novels/${id}?forever=true`, { method: 'DELETE' })
      while ((await health()).bytes > before.bytes / 100 && performance.now() - since < 600_000)
        await wait(250)
      const seconds = (performance.now() - since) / 1000
      return [
        {
          what: `room of ${figure(before.bytes / 1e6)} MB of clips (${before.clips.toLocaleString('en')}) given back after their novel was deleted`,
          budget: `≤ ${maxSeconds} s`,
          measured: `${figure(seconds)} s`,
          met: seconds <= maxSeconds,
        },
      ]
    }
  },
}
