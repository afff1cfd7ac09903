import { expect, test } from 'vitest'
import { studioHere } from './program/studio-here.ts'

const book = (...sentences: readonly string[]) =>
  new TextEncoder().encode(
    ['Chapter 1', ...sentences.map((text) => `${text} And this sentence has no fault at all in it.`)].join(
      '\n\n',
    ),
  )

test.for([
  [
    'a speaker that crashes',
    'Here the speaker crashes without a word to anybody.',
    /the speaker ended \(SIGKILL\)/,
  ],
  ['a speaker that hangs', 'Here the speaker hangs until somebody ends it.', /no sound after/],
  ['an engine that refuses', 'Here the engine refuses to say anything.', /I will not say that/],
  ['silence', 'Here the engine is silent from beginning to end.', /silen/],
  ['samples that are no numbers', 'Here the samples are broken, not a number.', /number|finite/i],
  ['an absurd length', 'Here the engine makes an endless sound.', /./],
] as const)(
  'one segment with %s is tried three times, set aside with its reason, and the book goes on',
  async ([, sentence, reason]) => {
    await using here = await studioHere({ timeout: () => 700 })
    const { novel } = await here.api.add(
      book(sentence, 'A second paragraph that is quite all right.'),
      'faulty.txt',
    )
    const progressId = await here.api.generate(novel.id, undefined, { voice: 'odd:hum' })
    const progress = await here.api.finished(progressId)
    expect(progress.status).toBe('failed')
    expect(progress.failedSegments).toHaveLength(1)
    expect(progress.failedSegments[0]).toMatchObject({ attempts: 3, reason: expect.stringMatching(reason) })
    expect(progress.failedSegments[0]?.text).toContain(sentence.slice(0, 20))
    expect(progress.segmentsDone).toBe(progress.segmentsTotal - 1)
    expect(progress.percent).toBeLessThan(100)
    expect(progress.errorMessage).toMatch(/1 of \d+ segments/)
    const { speakers } = await here.api.json<{ speakers: { alive: number } }>('/api/health')
    expect(speakers.alive).toBeGreaterThan(0)
  },
)

test('retry speaks only what is missing', async () => {
  await using here = await studioHere({ timeout: () => 700 })
  const { novel } = await here.api.add(book('Here the engine refuses to say anything.'), 'faulty.txt')
  const progressId = await here.api.generate(novel.id, undefined, { voice: 'odd:hum' })
  const before = await here.api.finished(progressId)
  const spoken: number[] = []
  using _ = here.studio.announcer.hear((news) => {
    if (news.kind === 'segment' && news.segment.state === 'speaking') spoken.push(news.segment.index)
  })
  const response = await here.api.post(`/api/worker/progress/${progressId}/retry`, {})
  expect(response.status).toBe(200)
  await here.api.finished(progressId)
  expect(new Set(spoken)).toEqual(new Set(before.failedSegments.map(({ index }) => index)))
})
