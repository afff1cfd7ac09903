import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { longStory } from './fixtures/long-story.ts'
import { startApplication } from './program/in-process-application.ts'

// On a Postgres (npm run test:many), whose job queue has tables of its own.

test('the tables of the job queue are dropped in the middle of a book: it is finished, and asked for more', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const { novel } = await api.add(longStory(3, 25), 'story.txt')
  const sound = { voice: 'odd:hum' }
  const progressId = await api.generate(novel.id, [1, 2], sound)
  await api.until(progressId, ({ segmentsDone }) => segmentsDone > 3)
  await sql`DROP SCHEMA jobs CASCADE`.execute(application.db)
  expect(await api.finished(progressId)).toMatchObject({ status: 'completed', failedSegments: [] })
  const more = await api.generate(novel.id, [3], sound)
  expect(await api.finished(more)).toMatchObject({ status: 'completed', failedSegments: [] })
})
