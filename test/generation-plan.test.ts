import { expect, test, vi } from 'vitest'
import type { Plan } from '../src/http/contract/plan-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import type { AddedNovel, Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

async function planOf(api: Api, novelId: string, wanted: object = {}): Promise<Plan> {
  const answer = await api.post(`/api/novels/${novelId}/plan`, wanted)
  if (answer.status !== 200) throw new Error(await answer.text())
  return ((await answer.json()) as { plan: Plan }).plan
}

const sound = { voice: 'odd:hum' }

async function addStory(api: Api, chapters: number, sentences: number): Promise<AddedNovel> {
  const added = await api.add(longStory(chapters, sentences), 'story.txt')
  const headers = { 'content-type': 'application/json' }
  await api.fetch(`/api/novels/${added.novel.id}`, { method: 'PATCH', headers, body: JSON.stringify(sound) })
  return added
}

test('the plan tells length, time, disk and what is reused, and begins nothing', async () => {
  await using folder = await temporaryFolder()
  let novelId: string
  let spoken: Plan
  {
    await using here = await startApplication({ data: folder.path, settings: { NIGHTJAR_SPEAKERS: '2' } })
    const { api, application } = here
    const { novel } = await addStory(api, 4, 12)
    novelId = novel.id
    const before = await planOf(api, novel.id, sound)
    expect(before).toMatchObject({
      ...sound,
      speed: 1,
      chapters: 4,
      segments: { total: 52, reused: 0, missing: 52 },
      seconds: { exact: false },
      time: { basis: 'typical' },
      remade: { segments: 0, chapters: 0 },
    })
    expect(before.seconds.missing).toBe(before.seconds.total)
    expect(before.disk.needed).toBeGreaterThan(before.seconds.total * 7000)
    expect(before.disk.needed).toBeLessThan(before.seconds.total * 10_000)
    expect(application.activeGenerations.all()).toEqual([])
    expect(before.speakers).toBeUndefined()
    // Of a voice whose model only one of the speakers has memory for.
    const room = vi.spyOn(application.pool, 'placesFor').mockReturnValue(1)
    expect((await planOf(api, novel.id, sound)).speakers).toEqual({ used: 1, all: 2 })
    room.mockRestore()
    expect((await api.post(`/api/novels/${novel.id}/plan`, { chapterNumbers: [9] })).status).toBe(404)
    expect((await api.post(`/api/novels/${novel.id}/plan`, { voice: 'odd:none' })).status).toBe(404)

    await api.finished(await api.generate(novel.id, [1, 2], sound))
    const half = await planOf(api, novel.id, sound)
    expect(half.segments).toEqual({ total: 52, reused: 26, missing: 26 })
    expect(half.time.basis).toBe('measured')
    // The other half is as long as the half that was measured, within the pauses.
    expect(half.seconds.missing / half.seconds.total).toBeGreaterThan(0.45)
    expect(half.seconds.missing / half.seconds.total).toBeLessThan(0.55)

    await api.finished(await api.generate(novel.id, [3, 4], sound))
    spoken = await planOf(api, novel.id, sound)
    expect(spoken).toMatchObject({
      segments: { reused: 52, missing: 0 },
      seconds: { missing: 0, exact: true },
      time: { seconds: 0 },
      disk: { needed: 0 },
    })
    // What was estimated from half of it is not far from what it became.
    expect(Math.abs(half.seconds.total / spoken.seconds.total - 1)).toBeLessThan(0.1)
  }
  await using here = await startApplication({ data: folder.path, work: false })
  const faster = await planOf(here.api, novelId, { ...sound, speed: 1.5, chapterNumbers: [1, 3] })
  // Measured before the restart, and at another speed.
  expect(faster.time.basis).toBe('measured')
  expect(faster.segments).toEqual({ total: 26, reused: 0, missing: 26 })
  expect(faster.remade).toMatchObject({ segments: 26, chapters: 2 })
  const expected = spoken.seconds.total / 2 / 1.5
  expect(Math.abs(faster.seconds.total / expected - 1)).toBeLessThan(0.25)
  expect(faster.remade.seconds).toBeCloseTo(faster.time.seconds, 5)
})

test('of a novel that is spoken in part, a change of speed re-makes what is spoken and is not there in the new one', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const { novel } = await addStory(api, 3, 6)
  await api.finished(await api.generate(novel.id, [1, 2], sound))
  await application.db.deleteFrom('clips.clips').where('id', '=', 1).execute()
  await application.counts.invalidate(async () => undefined)
  await api.finished(await api.generate(novel.id, [2], { ...sound, speed: 2 }))
  const plan = await planOf(api, novel.id, { ...sound, speed: 2 })
  expect(plan.segments).toEqual({ total: 21, reused: 7, missing: 14 })
  expect(plan.remade).toMatchObject({ segments: 6, chapters: 1 })
})
