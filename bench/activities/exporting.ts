import { setTimeout as wait } from 'node:timers/promises'
import type { Queue } from '../../src/http/contract/generation-contract.ts'
import { longStory } from '../../test/fixtures/long-story.ts'
import type { Activity } from './activity.ts'
import { figure } from '../figures.ts'
import { spokenFolder } from '../spoken-folder.ts'

const maxMs = 100
/** A podcast app fetches the whole feed, 2 MB of XML, once an hour. */
const maxFeedMs = 500

/** Requests that the page and other programs repeat while a novel grows. */
const asked = (id: string): readonly (readonly [string, RequestInit?])[] => [
  [`/api/novels/${id}/exports`],
  [`/api/novels/${id}`],
  ['/api/novels'],
  [`/api/novels/${id}/book.m4b`, { method: 'HEAD' }],
  [`/api/novels/${id}/book.m4b`, { headers: { range: 'bytes=5000000-5000099' } }],
  ['/opds/novels'],
  ['/opds/v2/new'],
]

export const exporting: Activity = {
  what: 'a novel of 2,000 chapters is spoken, and its exports, lists, catalogues and book are asked for',
  fill: (data, quick) => {
    const chapters = quick ? 200 : 2000
    return spokenFolder(data, longStory(chapters, 8), { chapters: Math.round(chapters * 0.95) })
  },
  async begin({ server }, quick) {
    const { novels } = await server.json<{ novels: { id: string }[] }>('/api/novels')
    const [{ id } = { id: '' }] = novels
    const feed = await server.json<{ feed: { address: string } }>(`/api/novels/${id}/feed`, {
      method: 'POST',
    })
    const paths = [...asked(id), [new URL(feed.feed.address).pathname] as const]
    const { waiting, running } = await server.json<Queue>('/api/worker/queue')
    for (const { id: progressId } of [...waiting, ...running])
      await server.post(`/api/worker/progress/${progressId}/resume`, {})
    return async () => {
      const slowest = new Map<string, number>()
      for (let round = 0; round < (quick ? 3 : 8); round++) {
        for (const [path, init] of paths) {
          const before = performance.now()
          const answer = await server.fetch(path, init)
          await answer.arrayBuffer()
          if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`)
          const name = `${init?.method ?? (init ? 'range of' : 'GET')} ${path.replaceAll(/[\da-f-]{32,36}/g, '…')}`
          slowest.set(name, Math.max(slowest.get(name) ?? 0, performance.now() - before))
        }
        await wait(500)
      }
      return [...slowest].map(([name, ms]) => ({
        what: `${name} of 2,000 chapters, cores speaking, the slowest of 8`,
        budget: `≤ ${maxOf(name)} ms`,
        measured: `${figure(ms)} ms`,
        met: ms <= maxOf(name),
      }))
    }
  },
}

function maxOf(name: string): number {
  return name.includes('/feeds/') ? maxFeedMs : maxMs
}
