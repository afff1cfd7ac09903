import { expect, test } from 'vitest'
import { longStory } from './fixtures/long-story.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'

test('when anything may have changed, speaking goes on before all that is done is counted', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const { counts, db, dispatcher, eventBus } = application
  const { novel } = await api.add(longStory(2, 100), 'story.txt')
  const progressId = await api.generate(novel.id, undefined, { voice: 'odd:hum' })
  await api.post(`/api/worker/progress/${progressId}/pause`, {})
  await waitUntil(() => dispatcher.segmentsInFlight().length === 0)
  // Another server lets it go on, and nothing is known of the counts, which a busy database takes long to tell.
  await db.updateTable('generations').set({ wish: 'run' }).where('id', '=', progressId).execute()
  counts.forgetAll()
  const counted = Promise.withResolvers<void>()
  const spoken = Promise.withResolvers<void>()
  using subscription = eventBus.subscribe((event) => event.kind === 'segment' && spoken.resolve())
  const counting = counts.runExclusive(() => counted.promise)
  const refreshed = dispatcher.refresh({ chapters: true })
  await spoken.promise
  counted.resolve()
  await Promise.all([counting, refreshed])
  await api.until(progressId, ({ segmentsDone }) => segmentsDone > 0)
  expect(subscription).toBeDefined()
})
