import { afterAll, expect, test } from 'vitest'
import type { Progress } from '../src/http/contract/generation-contract.ts'
import type { Chapter } from '../src/http/contract/novel-contract.ts'
import { loseClip } from './fixtures/corrupt-clips.ts'
import { smallEpub } from './fixtures/epub.ts'
import { ServerProcess } from './program/server-process.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

// One test for each fault of the app that Nightjar grows out of.

const voice = { voice: 'odd:hum' }
const text = (...paragraphs: readonly string[]) => new TextEncoder().encode(paragraphs.join('\n\n'))
/** A story of which no other has a sentence: what one test has spoken is not there for another. */
const storyOf = (house: string) =>
  text(
    'Chapter 1',
    `“No!” she said in the ${house}. He did not answer her for a long while in the ${house}.`,
    'No!',
    `The rain went on all night, and nobody in the ${house} could sleep a wink.`,
    'Chapter 2',
    `In the morning the garden of the ${house} was under water, and the boat was gone.`,
    `He had taken the oars of the ${house} too. Nobody in the ${house} said a word about it at breakfast.`,
  )
const story = storyOf('house')

/** Of the tests that look at nothing but their own novel. */
const shared = await startApplication()
afterAll(() => shared[Symbol.asyncDispose]())

test('1: a progressId can be asked for, and answers with the truth', async () => {
  const { novel } = await shared.api.add(storyOf('mill'), 'story.txt')
  const progressId = await shared.api.generate(novel.id, undefined, voice)
  const response = await shared.api.fetch(`/api/worker/progress/${progressId}`)
  expect(response.status).toBe(200)
  expect(((await response.json()) as { progress: Progress }).progress).toMatchObject({
    id: progressId,
    novelId: novel.id,
  })
  const status = await shared.api.fetch(`/api/worker/status/${novel.id}/1?voice=odd:hum`)
  expect(status.status).toBe(200)
})

test('2: two equal requests are one generation, and everything is spoken once', async () => {
  await using here = await startApplication()
  const spoken: string[] = []
  using _ = here.application.eventBus.subscribe((event) => {
    if (event.kind === 'segment' && event.segment.state === 'speaking') {
      spoken.push(`${event.segment.chapterNumber}/${event.segment.index}`)
    }
  })
  const { novel } = await here.api.add(story, 'story.txt')
  const ids = await Promise.all([1, 2, 3].map(() => here.api.generate(novel.id, [1, 2], voice)))
  expect(new Set(ids).size).toBe(1)
  const overlapping = await here.api.generate(novel.id, [1], voice)
  await here.api.finished(ids[0]!)
  const progress = await here.api.finished(overlapping)
  expect(progress.status).toBe('completed')
  expect(await here.api.generate(novel.id, [1, 2], voice)).toBe(ids[0])
  expect(spoken.toSorted()).toEqual([...new Set(spoken)].toSorted())
})

test('3: kill -9 and a restart, and the work goes on with nobody asking', async () => {
  await using folder = await temporaryFolder()
  await using first = await ServerProcess.start({ data: folder.path })
  const { novel } = await first.add(story, 'story.txt')
  const progressId = await first.generate(novel.id)
  await first.kill()
  await using second = await ServerProcess.start({ data: folder.path })
  expect((await second.finished(progressId)).status).toBe('completed')
})

test('4: the total is known when the request is accepted and never changes', async () => {
  const { novel, chapters } = await shared.api.add(storyOf('inn'), 'story.txt')
  const total = chapters
    .filter(({ narrated }) => narrated)
    .reduce((sum, { segmentsTotal }) => sum + segmentsTotal, 0)
  const progressId = await shared.api.generate(novel.id, undefined, voice)
  const seen: Progress[] = [await shared.api.progress(progressId)]
  await shared.api.until(progressId, (progress) => {
    seen.push(progress)
    return progress.status === 'completed'
  })
  for (const [at, { segmentsTotal, segmentsDone }] of seen.entries()) {
    expect(segmentsTotal).toBe(total)
    expect(segmentsDone).toBeGreaterThanOrEqual(seen[at - 1]?.segmentsDone ?? 0)
  }
})

test('5: short lines are spoken, and nothing is ever added to the text', async () => {
  const { novel } = await shared.api.add(
    text('第一章 雨夜', '他走了。', '“不！”', '她没有回答，只是看着窗外的雨。'),
    'rain.txt',
  )
  const { chapter } = await shared.api.json<{ chapter: Chapter }>(`/api/novels/${novel.id}/chapters/1`)
  const blocks = chapter.blocks.map((block) => block.text)
  expect(blocks).toEqual(['第一章 雨夜', '他走了。', '“不！”', '她没有回答，只是看着窗外的雨。'])
  const read = chapter.segments.map(({ block, start, end }) => blocks[block]?.slice(start, end))
  expect(read.join('')).toBe(blocks.join(''))
  expect(chapter.segments.some(({ spoken }) => spoken.includes('他走了'))).toBe(true)
  expect(chapter.segments.some(({ spoken }) => spoken.includes('不'))).toBe(true)
})

test('6: audio that is gone is made again, and nothing calls itself finished without it', async () => {
  await using here = await startApplication()
  const { novel } = await here.api.add(story, 'story.txt')
  const progressId = await here.api.generate(novel.id, undefined, voice)
  await here.api.finished(progressId)
  const row = await here.application.db
    .selectFrom('clips.clips')
    .select(['recipe', 'words'])
    .executeTakeFirstOrThrow()
  const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex')
  await here.application.counts.invalidate(() =>
    loseClip(here.application.db, { recipe: hex(row.recipe), words: hex(row.words) }),
  )
  const lacking = await here.api.progress(progressId)
  expect(lacking.segmentsDone).toBeLessThan(lacking.segmentsTotal)
  expect(lacking.status).not.toBe('completed')
  expect(await here.api.generate(novel.id, undefined, voice)).toBe(progressId)
  expect((await here.api.finished(progressId)).status).toBe('completed')
})

test('7: another speed is another sound, and the first one stays', async () => {
  await using here = await startApplication()
  const { novel } = await here.api.add(story, 'story.txt')
  const [slow, fast] = [
    await here.api.generate(novel.id, [1], voice),
    await here.api.generate(novel.id, [1], { ...voice, speed: 1.5 }),
  ]
  expect(slow).not.toBe(fast)
  await here.api.finished(slow)
  await here.api.finished(fast)
  for (const speed of [1, 1.5]) {
    const audio = await here.api.fetch(
      `/api/novels/${novel.id}/chapters/1/audio.m4a?voice=odd:hum&speed=${speed}`,
    )
    expect(audio.status).toBe(200)
  }
  const { clips } = await here.application.db
    .selectFrom('clips.clips')
    .select(({ fn }) => fn.countAll<number>().as('clips'))
    .executeTakeFirstOrThrow()
  expect(clips).toBe(2 * (await here.api.progress(slow)).segmentsTotal)
})

test('8: a failed segment is tried again, and a chapter that lacks one is no success', async () => {
  const faulty = text(
    'Chapter 1',
    'All is well in this paragraph.',
    'Here the engine refuses to go on with the story.',
  )
  const { novel } = await shared.api.add(faulty, 'faulty.txt')
  const progress = await shared.api.finished(await shared.api.generate(novel.id, undefined, voice))
  expect(progress.failedSegments[0]?.attempts).toBe(3)
  expect(progress.status).toBe('failed')
  expect(progress.chapters[0]?.status).toBe('failed')
})

test('9: the generation is found again by its address from anywhere, also when it is over', async () => {
  await using folder = await temporaryFolder()
  await using first = await ServerProcess.start({ data: folder.path })
  const { novel } = await first.add(story, 'story.txt')
  const progressId = await first.generate(novel.id)
  await first.finished(progressId)
  expect(await first.stop()).toBe(0)
  await using second = await ServerProcess.start({ data: folder.path })
  expect((await second.progress(progressId)).status).toBe('completed')
  const page = await second.fetch(`/generations/${progressId}`, { headers: { accept: 'text/html' } })
  expect(page.headers.get('content-type')).toContain('text/html')
})

test('10: no path of the server can be imported, other origins are refused, equal names do not overwrite', async () => {
  expect((await shared.api.post('/api/novels', { path: '/etc/passwd' })).status).toBe(400)
  const foreign = await shared.api.fetch('/api/novels', { headers: { origin: 'https://elsewhere.example' } })
  expect(foreign.status).toBe(403)
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
  const one = await shared.api.add(story, 'same.txt')
  const two = await shared.api.add(text('Chapter 1', 'Another story under the same name.'), 'same.txt')
  expect(two.novel.id).not.toBe(one.novel.id)
  const climbing = await shared.api.add(text('Chapter 1', 'A name that climbs.'), '../../climbing.txt')
  expect(climbing.novel.title).not.toContain('..')
})

test('11: an EPUB is read, and a long first sentence does not become the title', async () => {
  const epub = await shared.api.upload(await smallEpub({ title: 'The Lamp' }), 'lamp.epub')
  expect(epub.status).toBe(201)
  expect(((await epub.json()) as { novel: { title: string } }).novel.title).toBe('The Lamp')
  const sentence = 'It was a night so dark that even the owls had given up and gone to bed before twelve.'
  const { novel } = await shared.api.add(text(sentence, 'And then it rained.'), 'A Dark Night.txt')
  expect(novel.title).toBe('A Dark Night')
})
