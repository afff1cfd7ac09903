import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { LexiconPlan } from '../../src/http/contract/lexicon-contract.ts'
import { longStory } from '../fixtures/long-story.ts'
import { answer } from '../program/api-client.ts'
import { startApplication } from '../program/in-process-application.ts'
import { audioOf, clipKeys, LexiconOf } from '../program/lexicon-client.ts'

const alice = new URL('../../../shared/books/alice.txt', import.meta.url)

test.skipIf(!existsSync(alice))(
  'in a real novel a name is corrected: its sentences alone are spoken again, and the list goes along as PLS (needs ../shared/books)',
  async () => {
    await using here = await startApplication()
    const { api } = here
    // Without the words by which the engine of the tests misbehaves.
    const text = readFileSync(alice, 'utf8').replaceAll(
      /silent|hangs|broken|crashes|refuses|stumbles|unlucky|endless|rushes/g,
      'quiet',
    )
    const { novel, chapters } = await api.add(new TextEncoder().encode(text), 'alice.txt')
    const lexicon = new LexiconOf(api, novel.id)
    // One with the cat's name, and one without.
    const bodies = chapters.filter(({ narrated }) => narrated).map(({ number }) => number)
    const numbers = [bodies[2]!, bodies[10]!]
    const progressId = await api.generate(novel.id, numbers, { voice: 'odd:hum' })
    await api.finished(progressId)
    const spoken = await Promise.all(
      numbers.map(async (number) => ({ number, audio: await audioOf(here, novel.id, number) })),
    )
    const before = await clipKeys(here)
    const put = [{ written: 'Dinah', words: 'Dinah the cat' }]
    const { plan } = await answer<{ plan: LexiconPlan }>(
      api.post(`${lexicon.path}/plan`, { scope: 'novel', put }),
    )
    expect(plan.segments).toBeGreaterThan(1)
    await answer(lexicon.put({ put }))
    expect((await lexicon.settled()).state).toBe('applied')
    await api.finished(progressId)
    const added = (await clipKeys(here)).filter((key) => !before.includes(key))
    expect(added).toHaveLength(plan.segments)
    let same = 0
    for (const { number, audio } of spoken) {
      const { chapter } = await api.json<{ chapter: { blocks: { text: string }[] } }>(
        `/api/novels/${novel.id}/chapters/${number}`,
      )
      const named = chapter.blocks.some(({ text }) => /\bdinah/i.test(text))
      const now = await audioOf(here, novel.id, number)
      expect([number, named, now.equals(audio)]).toEqual([number, named, !named])
      if (!named) same++
    }
    expect(same).toBe(1)
    // Into another novel, and what comes out of that is the same.
    const pls = await (await api.fetch(`${lexicon.path}.pls`)).blob()
    const { novel: other } = await api.add(longStory(1, 3), 'story.txt')
    const body = new FormData()
    body.append('file', pls, 'alice.pls')
    const there = new LexiconOf(api, other.id)
    expect((await api.fetch(`${there.path}.pls`, { method: 'POST', body })).status).toBe(200)
    expect(await there.entries()).toMatchObject([{ written: 'Dinah', words: 'Dinah the cat' }])
    expect(await (await api.fetch(`${there.path}.pls`)).text()).toBe(await pls.text())
  },
)
