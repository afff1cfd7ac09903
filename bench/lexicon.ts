import { setTimeout as wait } from 'node:timers/promises'
import type { LexiconView } from '../src/http/contract/lexicon-contract.ts'
import { longStory } from '../test/fixtures/long-story.ts'
import { figure } from './figures.ts'
import { cpuSeconds } from './processes.ts'
import type { Measured } from './report.ts'
import { startServerUnderTest } from './server-under-test.ts'

const sentences = 20
const maxSeconds = 1
/** Each stands in every chapter, in a sixth of all sentences. */
const words = ['ferryman', 'schoolmaster', 'stranger']

/** From an entry that somebody makes to the novel that is said so: every chapter of it changes. */
export async function measureLexicon(quick: boolean): Promise<Measured> {
  const chapters = quick ? 200 : 2000
  await using underTest = await startServerUnderTest()
  const { server, pid } = underTest
  const { novel } = await server.add(longStory(chapters, sentences), 'long.txt')
  const path = `/api/novels/${novel.id}/lexicon`
  const state = async () => (await server.json<{ lexicon: LexiconView }>(path)).lexicon.state
  const times: { readonly wall: number; readonly cpu: number }[] = []
  for (const written of words) {
    const [before, cpu] = [performance.now(), cpuSeconds([pid])]
    const answer = await server.post(`${path}/entries`, {
      scope: 'novel',
      put: [{ written, words: 'boatman' }],
    })
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`an entry was answered ${answer.status}`)
    while ((await state()) === 'waiting') await wait(10)
    if ((await state()) !== 'applied') throw new Error(`the lexicon is ${await state()}`)
    times.push({ wall: (performance.now() - before) / 1000, cpu: cpuSeconds([pid]) - cpu })
  }
  const slowest = Math.max(...times.map(({ wall }) => wall))
  return {
    rows: [
      {
        what: `a novel of ${(chapters * sentences).toLocaleString('en')} segments said otherwise after one entry of the lexicon, a word of every chapter; the slowest of ${words.length}`,
        budget: `≤ ${maxSeconds} s`,
        measured: `${figure(slowest)} s (CPU ${times.map(({ cpu }) => figure(cpu)).join(', ')} s)`,
        met: slowest <= maxSeconds,
      },
    ],
  }
}
