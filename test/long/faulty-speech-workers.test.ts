import { expect, test } from 'vitest'
import { startApplication } from '../program/in-process-application.ts'

const book = (...sentences: readonly string[]) =>
  new TextEncoder().encode(
    ['Chapter 1', ...sentences.map((text) => `${text} And this sentence has no fault at all in it.`)].join(
      '\n\n',
    ),
  )

test('segments that fail in every way are tried three times, set aside with their reasons, and the book goes on', async () => {
  const faults = [
    ['Here the speaker crashes without a word to anybody.', /the speaker ended \(SIGKILL\)/],
    ['Here the speaker hangs until somebody ends it.', /no sound after/],
    ['Here the engine refuses to say anything.', /I will not say that/],
    ['Here the engine is silent from beginning to end.', /silen/],
    ['Here the samples are broken, none of them a number.', /number|finite/i],
    ['Here the engine makes an endless sound.', /slow|long/],
  ] as const
  await using here = await startApplication({ timeout: () => 5000 })
  const sentences = faults.map(([sentence]) => sentence)
  const { novel } = await here.api.add(
    book(...sentences, 'A last paragraph that is quite all right.'),
    'faulty.txt',
  )
  const progress = await here.api.finished(await here.api.generate(novel.id, undefined, { voice: 'odd:hum' }))
  expect(progress.status).toBe('failed')
  expect(progress.failedSegments).toHaveLength(faults.length)
  for (const [at, [sentence, reason]] of faults.entries()) {
    expect(progress.failedSegments[at]).toMatchObject({ attempts: 3, reason: expect.stringMatching(reason) })
    expect(progress.failedSegments[at]?.text).toContain(sentence.slice(0, 20))
  }
  expect(progress.segmentsDone).toBe(progress.segmentsTotal - faults.length)
  expect(progress.percent).toBeLessThan(100)
  expect(progress.errorMessage).toMatch(/6 of \d+ segments/)
  const { speakers } = await here.api.json<{ speakers: { alive: number } }>('/api/health')
  expect(speakers.alive).toBeGreaterThan(0)
})

test('retry speaks only what is missing', async () => {
  await using here = await startApplication({ timeout: () => 3000 })
  const { novel } = await here.api.add(book('Here the engine refuses to say anything.'), 'faulty.txt')
  const progressId = await here.api.generate(novel.id, undefined, { voice: 'odd:hum' })
  const before = await here.api.finished(progressId)
  const spoken: number[] = []
  using _ = here.application.eventBus.subscribe((event) => {
    if (event.kind === 'segment' && event.segment.state === 'speaking') spoken.push(event.segment.index)
  })
  const response = await here.api.post(`/api/worker/progress/${progressId}/retry`, {})
  expect(response.status).toBe(200)
  await here.api.finished(progressId)
  expect(new Set(spoken)).toEqual(new Set(before.failedSegments.map(({ index }) => index)))
})
