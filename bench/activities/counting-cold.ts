import { webNovel } from '../books.ts'
import type { Activity } from './activity.ts'
import { figure } from '../figures.ts'
import { spokenFolder } from '../spoken-folder.ts'
import { longStory } from '../../test/fixtures/long-story.ts'

const chapters = 2000
const voice = 'espeak:en-us'
const maxMs = 500

/** What a server that has just started, and has counted nothing yet, is asked first. */
export const countingCold: Activity = {
  what: 'a novel of 2,000 chapters, half of it spoken, is counted after a start',
  fill: (data, quick) =>
    spokenFolder(data, quick ? longStory(chapters / 10, 40) : webNovel().bytes, {
      voice,
      chapters: quick ? chapters / 20 : chapters / 2,
    }),
  async begin({ server }) {
    const { novels } = await server.json<{ novels: { id: string }[] }>('/api/novels?limit=1')
    const path = `/api/novels/${novels[0]?.id}/plan`
    const ask = async (): Promise<number> => {
      const before = performance.now()
      const answer = await server.post(path, { voice })
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`)
      return performance.now() - before
    }
    return async () => {
      const cold = await ask()
      const known = Math.min(await ask(), await ask())
      return [
        {
          what: 'what speaking the rest of that novel would take, asked first after a start',
          budget: `≤ ${maxMs} ms`,
          measured: `${figure(cold)} ms (${figure(known)} when it is counted)`,
          met: cold <= maxMs,
        },
      ]
    }
  },
}
