import { afterAll, expect, test } from 'vitest'
import type { ListenedNovelView, ListeningDayView } from '../src/http/contract/listening-day-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { startApplication } from './program/in-process-application.ts'

const here = await startApplication({ work: false })
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here
const { novel } = await api.add(longStory(1, 3), 'hours.txt')
const { novel: other } = await api.add(longStory(2, 3), 'other.txt')

const report = (of: string, day: string, sitting: string, wallSeconds: number, audioSeconds = wallSeconds) =>
  api.fetch(`/api/novels/${of}/listened`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ day, sitting, wallSeconds, audioSeconds }),
  })
const hours = (query = '') =>
  api.json<{ days: ListeningDayView[]; novels: ListenedNovelView[] }>(`/api/listener/hours${query}`)

test('time is counted once, by day and novel, however often and in whatever order reports come', async () => {
  await report(novel.id, '2026-11-28', 'a', 60, 120)
  const reports = [10, 20, 30, 40, 50, 50, 30].map((seconds) =>
    report(novel.id, '2026-11-29', 'a', seconds, 2 * seconds),
  )
  reports.push(report(novel.id, '2026-11-29', 'b', 5, 5), report(other.id, '2026-11-29', 'a', 7.5, 15))
  for (const each of await Promise.all(reports)) expect(each.status).toBe(200)
  const year = '?first=2026-01-01&last=2026-12-31'
  const { days, novels } = await hours(year)
  const sorted = days.toSorted(
    (one, two) => one.day.localeCompare(two.day) || two.wallSeconds - one.wallSeconds,
  )
  expect(sorted).toEqual([
    { day: '2026-11-28', novelId: novel.id, wallSeconds: 60, audioSeconds: 120 },
    { day: '2026-11-29', novelId: novel.id, wallSeconds: 55, audioSeconds: 105 },
    { day: '2026-11-29', novelId: other.id, wallSeconds: 7.5, audioSeconds: 15 },
  ])
  expect(novels).toMatchObject([
    {
      novelId: novel.id,
      title: novel.title,
      wallSeconds: 115,
      audioSeconds: 225,
      days: 2,
      lastDay: '2026-11-29',
    },
    { novelId: other.id, wallSeconds: 7.5, days: 1 },
  ])
  expect((await hours('?first=2026-11-29&last=2026-11-29')).days).toHaveLength(2)

  for (const [day, seconds] of [
    ['29.11.2026', 1],
    ['2026-11-29', -1],
    ['2026-11-29', 90_001],
  ] as const)
    expect((await report(novel.id, day, 'c', seconds)).status).toBe(400)
  expect((await report('01990000-0000-7000-8000-000000000000', '2026-11-29', 'c', 1)).status).toBe(404)

  await api.fetch(`/api/novels/${other.id}`, { method: 'DELETE' })
  expect((await hours(year)).novels.map(({ novelId }) => novelId)).toEqual([novel.id])
})
