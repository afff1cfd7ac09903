import { expect, test } from 'vitest'
import type { Machines } from '../../src/http/contract/speaker-contract.ts'
import { longStory } from '../fixtures/long-story.ts'
import { startApplication } from '../program/in-process-application.ts'
import { hasNginx } from '../program/nginx.ts'
import { postgresPrograms } from '../program/postgres-cluster.ts'
import { skipWithoutS3 } from '../program/s3-server.ts'
import { chapterSums, fleetVoice, ServerFleet } from '../program/server-fleet.ts'
import { maySkip } from '../program/skip-policy.ts'
import { waitUntil } from '../program/wait-until.ts'

const skipped = skipWithoutS3 || maySkip(hasNginx()) || maySkip(postgresPrograms() !== undefined)
const story = longStory(2, 60)
const voice = fleetVoice

test.skipIf(skipped)(
  'two servers behind nginx, without stickiness: a book is spoken by two machines; a server and a machine are killed, and all is spoken',
  async () => {
    await using undisturbed = await startApplication({ settings: { NIGHTJAR_DATABASE: '' } })
    const { novel: same } = await undisturbed.api.add(story, 'story.txt')
    await undisturbed.api.finished(await undisturbed.api.generate(same.id, undefined, { voice }))

    await using fleet = await ServerFleet.start(2)
    const { api } = fleet
    const [attic, desk] = await Promise.all([
      fleet.machine('attic', 2).joined(),
      fleet.machine('desk', 2).joined(),
    ])
    const listed = () => fleet.patiently((each) => each.json<Machines>('/api/machines'))
    // Whichever server is asked.
    for (const _ of [1, 2, 3, 4]) {
      await waitUntil(async () => (await listed()).machines.length === 2)
      expect((await listed()).servers).toHaveLength(2)
    }
    const { novel } = await api.add(story, 'story.txt')
    const progressId = await api.generate(novel.id, undefined, { voice })
    await fleet.until(progressId, ({ segmentsDone }) => segmentsDone >= 25)
    expect(attic.given.length).toBeGreaterThan(0)
    expect(desk.given.length).toBeGreaterThan(0)

    await fleet.killServer(1)
    await fleet.until(progressId, ({ segmentsDone }) => segmentsDone >= 60)
    await desk.kill()
    const done = await fleet.finished(progressId)
    expect(done).toMatchObject({ status: 'completed', failedSegments: [] })
    expect(fleet.spokenTwice).toBeLessThanOrEqual(6)
    const chapters = [1, 2]
    expect(await chapterSums(api, novel.id, chapters)).toEqual(
      await chapterSums(undisturbed.api, same.id, chapters),
    )
    await waitUntil(async () => (await listed()).servers.length === 1)
  },
)
