import { afterAll, expect, test } from 'vitest'
import { startApplication } from './program/in-process-application.ts'

// What becomes of a sentence that no engine can speak, and of those around it. Side by side, for each waits some seconds
// between its attempts; what cannot be spoken is another sentence in each, or they would fail for one another.

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here
const sound = { voice: 'odd:hum' }
const book = (...chapters: readonly (readonly string[])[]) =>
  new TextEncoder().encode(
    chapters.map((texts, at) => [`Chapter ${at + 1}`, ...texts].join('\n\n')).join('\n\n'),
  )
const fine = (count: number, of = 'first') =>
  Array.from({ length: count }, (_, at) => `Sentence ${at + 1} of the ${of} chapter is quite all right.`)
/** Places that an engine was given, in order: novel, chapter and segment. */
const given: string[] = []
here.application.eventBus.subscribe((event) => {
  if (event.kind !== 'segment' || event.segment.state !== 'speaking') return
  given.push(`${event.segment.novelId} ${event.segment.chapterNumber}/${event.segment.index}`)
})
/** How often a novel's places were given to an engine. */
const timesGiven = (novelId: string, ...places: readonly string[]) =>
  given.filter((each) => places.some((place) => each === `${novelId} ${place}`)).length

test.concurrent('a text that stands in many places is tried three times in all, and each place counts once', async () => {
  const faulty = 'Here the engine refuses to say it twice.'
  // The last of a chapter has another pause after it, and is another clip.
  const { novel } = await api.add(
    book([faulty, ...fine(6), faulty, ...fine(6, 'next')], [faulty, ...fine(14, 'second')]),
    'copies.txt',
  )
  const progress = await api.finished(await api.generate(novel.id, undefined, sound))
  expect(progress.status).toBe('failed')
  expect(progress.failedSegments.map(({ text }) => text)).toEqual([faulty, faulty, faulty])
  expect(progress.segmentsDone).toBe(progress.segmentsTotal - 3)
  expect(progress.errorMessage).toMatch(`3 of ${progress.segmentsTotal} segments`)
  const places = progress.failedSegments.map((place) => `${place.chapterNumber}/${place.index}`)
  expect(timesGiven(novel.id, ...places)).toBe(3)
})

test.concurrent('each attempt draws its noise anew: a sentence that only fails by bad luck is spoken', async () => {
  const { novel } = await api.add(book(['This is an unlucky sentence.']), 'unlucky.txt')
  const progress = await api.finished(await api.generate(novel.id, undefined, sound))
  expect(progress.status).toBe('completed')
  expect(timesGiven(novel.id, '1/1')).toBe(3)
})

test.concurrent('every new request tries again what was set aside, for all who wait for it', async () => {
  const faulty = 'Here the engine refuses to say it again.'
  const { novel } = await api.add(book([faulty, ...fine(1)], [faulty, ...fine(2)]), 'again.txt')
  const all = await api.generate(novel.id, undefined, sound)
  expect((await api.finished(all)).status).toBe('failed')
  expect(timesGiven(novel.id, '1/1', '2/1')).toBe(3)
  const second = await api.generate(novel.id, [2], sound)
  expect(second).not.toBe(all)
  // Both have something to hope for again, and both tell the same in the end.
  const progress = await api.finished(second)
  expect(progress).toMatchObject({ status: 'failed', failedSegments: [{ attempts: 3 }] })
  expect(timesGiven(novel.id, '1/1', '2/1')).toBe(6)
  const ended = await api.until(all, ({ completedAt }) => completedAt !== null)
  expect(ended).toMatchObject({ status: 'failed' })
  expect(ended.failedSegments).toHaveLength(2)
})

test.concurrent('failures go with their novel: added again, it is tried again', async () => {
  const bytes = book(['Here the engine refuses to say it once more.', ...fine(2)])
  const first = await api.add(bytes, 'once-more.txt')
  expect((await api.finished(await api.generate(first.novel.id, undefined, sound))).status).toBe('failed')
  expect((await api.fetch(`/api/novels/${first.novel.id}?forever=true`, { method: 'DELETE' })).status).toBe(
    200,
  )
  const { novel } = await api.add(bytes, 'once-more.txt')
  expect(novel.id).not.toBe(first.novel.id)
  const progress = await api.finished(await api.generate(novel.id, undefined, sound))
  expect(progress).toMatchObject({ status: 'failed', failedSegments: [{ attempts: 3 }] })
  expect(timesGiven(novel.id, '1/1')).toBe(3)
})
