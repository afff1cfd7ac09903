import { longStory } from '../../test/fixtures/long-story.ts'
import type { Activity } from './activity.ts'
import { figure } from '../figures.ts'

/** About 20 MB. */
const chapters = 2000
const sentences = 150
const typed = 'zebra on the quay'
const maxMs = 1000

export const searching: Activity = {
  what: 'a novel of 2,000 chapters and 20 MB is searched at every keystroke, and what is not spoken is counted',
  async begin({ server }, quick) {
    const { novel } = await server.add(longStory(quick ? chapters / 10 : chapters, sentences), 'long.txt')
    const ask = async (path: string): Promise<number> => {
      const before = performance.now()
      const answer = await server.fetch(`/api/novels/${novel.id}/${path}`)
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`)
      return performance.now() - before
    }
    return async () => {
      const searches: number[] = []
      for (let length = 1; length <= typed.length; length++)
        searches.push(await ask(`search?q=${encodeURIComponent(typed.slice(0, length))}`))
      const coverage = [await ask('coverage'), await ask('coverage'), await ask('skips?limit=50')]
      return [
        row('a search in that novel, the slowest of 17 keystrokes', searches),
        row('what is not spoken in that novel, the slowest of 3', coverage),
      ]
    }
  },
}

function row(what: string, ms: readonly number[]) {
  const most = Math.max(...ms)
  return { what, budget: `≤ ${maxMs} ms`, measured: `${figure(most)} ms`, met: most <= maxMs }
}
