import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Casting, castingOf, recipeForRole } from '../src/novel/casting.ts'
import { type ClipKey, type Recipe, recipeHash, textHash } from '../src/novel/clip.ts'
import { damageClip } from './fixtures/corrupt-clips.ts'
import { discardClip } from '../src/playback/corrupt-clips.ts'
import { findRendition } from '../src/playback/renditions.ts'
import { chaptersOf } from '../src/storage/queries/chapter-queries.ts'
import { bytesToHash } from '../src/storage/queries/column-values.ts'
import { generationById, insertGeneration } from '../src/storage/queries/generation-queries.ts'
import { insertServer, updateServer } from '../src/storage/queries/speech-server-queries.ts'
import { insertSmallNovel } from './fixtures/small-novel.ts'
import { type OddSpeechServer, oddSpeechServer, sendsJson } from './program/fake-speech-server.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'
import { hums, insertDesk } from './program/speech-desk.ts'

// A novel with two voices: the narrator's is the studio's own, the other's is on a speech server, another backend.

const speaks = hums('bella')

const refuses = sendsJson(503, { error: 'away' })

const chapters = [
  ['The lamp was lit.', 'Who is there?', 'No!', 'Nobody answered.', 'No!'],
  ['It rained.', 'Come in.', 'He came in.'],
]
const roles = [
  [0, 1, 0, 0, 1],
  [0, 1, 0],
]
const narrator = 'odd:hum'
const voice = 'server:desk:bella'

type Here = Awaited<ReturnType<typeof startApplication>>

/** Starts the program with the speech server, and a novel in two voices that nobody has asked for. */
async function start(desk: OddSpeechServer) {
  const here = await startApplication()
  const { application } = here
  await insertDesk(application.db, desk.address, 'bella')
  await application.voices.reload()
  const novelId = await insertSmallNovel(application.db, chapters, { roles })
  return Object.assign(here, { novelId })
}

function recipesNow({ application }: Here): [Recipe, Recipe] {
  const recipeOf = (id: string) => application.voices.recipe({ voice: id, speed: 1, language: 'en' })
  return [recipeOf(narrator), recipeOf(voice)]
}

async function request(
  here: Here & { novelId: string },
  parts: boolean,
): Promise<{ id: string; casting: Casting }> {
  const { application, novelId } = here
  const recipes = recipesNow(here)
  const [own, other] = recipes.map(recipeHash) as [string, string]
  const casting = castingOf(own, parts ? [{ role: 1, recipe: other }] : [])
  const id = randomUUID()
  const createdAt = new Date().toISOString()
  const ids = (await chaptersOf(application.db, novelId)).map((chapter) => chapter.id)
  const generation = {
    id,
    novelId,
    voice: narrator,
    speed: 1,
    casting,
    priority: 0,
    desiredState: 'run',
    createdAt,
  } as const
  await insertGeneration(application.db, generation, recipes, ids)
  await application.dispatcher.refreshOne(id)
  return { id, casting }
}

/** A clip turns out to be damaged: waits until it is spoken again. */
async function discardAndRespeak({ application }: Here, key: ClipKey): Promise<void> {
  await damageClip(application.db, key)
  await discardClip(application, key)
  await waitUntil(async () => (await application.clips.get(key)) !== undefined)
}

/** The keys of the clips that there are, sorted. */
async function clipKeys({ application }: Here): Promise<string[]> {
  const rows = await application.db.selectFrom('clips.clips').select(['recipe', 'words']).execute()
  return rows.map(({ recipe, words }) => `${bytesToHash(recipe)}/${bytesToHash(words)}`).sort()
}

function keysOf(casting: Casting): string[] {
  const keys = chapters.flatMap((texts, chapter) =>
    texts.map((text, at) => `${recipeForRole(casting, roles[chapter]![at]!)}/${textHash(text, 'paragraph')}`),
  )
  return [...new Set(keys)].sort()
}

test('each segment is spoken in its role’s voice, and heard in its place', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await start(desk)
  const { id, casting } = await request(here, true)
  expect(await here.api.finished(id)).toMatchObject({ segmentsTotal: 8, segmentsDone: 8, voice: narrator })
  expect(await clipKeys(here)).toEqual(keysOf(casting))
  const asked = desk.heard.filter(({ path }) => path.endsWith('/speech')).map(({ body }) => body?.['input'])
  expect(
    asked.filter((text) => text === 'No!' || text === 'Who is there?' || text === 'Come in.'),
  ).toHaveLength(3)

  const rendition = await findRendition(here.application, here.novelId, 1)
  expect(rendition.casting).toEqual(casting)
  const path = `/api/novels/${here.novelId}/chapters/1`
  const audio = await here.api.fetch(`${path}/audio.m4a`)
  expect(audio.status).toBe(200)
  expect((await audio.arrayBuffer()).byteLength).toBe(Number(audio.headers.get('content-length')))
  expect(await here.api.json(`${path}/timeline`)).toMatchObject({ timeline: { complete: true } })
  const clip = await here.application.clips.get({
    recipe: recipeForRole(casting, 1),
    words: textHash('No!', 'paragraph'),
  })
  const fragment = await here.api.fetch(`${path}/segments/4.m4s`)
  const bytes = Buffer.from(await fragment.arrayBuffer())
  // The frame of the other voice, not the narrator’s of the same words.
  if (clip === undefined || clip === 'damaged') throw new Error('there is no clip')
  expect(bytes.includes(Buffer.from(clip.adts.subarray(7, 7 + clip.frameSizes[0]!)))).toBe(true)

  // A single voice beside it speaks only what the narrator has not spoken yet.
  const alone = await request(here, false)
  await here.api.finished(alone.id)
  expect(await clipKeys(here)).toEqual([...new Set([...keysOf(casting), ...keysOf(alone.casting)])].sort())
})

test('a voice that rests does not hold up the others, and the reason is told', async () => {
  await using desk = await oddSpeechServer(refuses)
  await using here = await start(desk)
  const { id, casting } = await request(here, true)
  const others = await here.api.until(
    id,
    ({ segmentsDone, waiting }) => segmentsDone === 5 && waiting !== null,
  )
  expect(others.status).toBe('running')
  expect(others.waiting).toContain('Desk PC')
  desk.answer(speaks)
  here.application.serverBackends.forget('desk')
  await here.application.dispatcher.dispatch()
  await here.api.finished(id)
  expect(await clipKeys(here)).toEqual(keysOf(casting))
})

test('a voice that is removed waits with its segments; the others are spoken', async () => {
  await using desk = await oddSpeechServer(refuses)
  await using here = await start(desk)
  const { id } = await request(here, true)
  await here.api.fetch('/api/speech-servers/desk', { method: 'DELETE' })
  const { segmentsDone, status } = await here.api.until(
    id,
    (progress) => progress.segmentsDone === 5 && progress.waiting !== null,
  )
  expect([segmentsDone, status]).toEqual([5, 'running'])
  await insertServer(
    here.application.db,
    {
      server: {
        name: 'desk',
        title: 'Desk PC',
        address: desk.address,
        model: 'kokoro',
        parallel: 1,
        charactersPerRequest: 4096,
      },
      voices: ['bella'],
      voicesListed: false,
    },
    () => 'desk',
  )
  desk.answer(speaks)
  await here.application.voices.reload()
  here.application.serverBackends.forget('desk')
  await here.application.dispatcher.refresh()
  await here.api.finished(id)
})

test('an engine that changes has only its own part spoken again', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await start(desk)
  const { application } = here
  const { id, casting } = await request(here, true)
  await here.api.finished(id)
  await updateServer(application.db, 'desk', (known) => ({
    ...known,
    server: { ...known.server, model: 'other' },
  }))
  await application.voices.reload()
  application.serverBackends.forget('desk')
  // Something is missing again, so the generation goes on, in today's sound.
  await discardAndRespeak(here, { recipe: casting.narrator, words: textHash('It rained.', 'paragraph') })
  await here.api.finished(id)
  const renewed = (await generationById(application.db, id))!.casting
  expect(renewed.narrator).toBe(casting.narrator)
  expect(renewed.parts).not.toEqual(casting.parts)
  expect(await clipKeys(here)).toEqual([...new Set([...keysOf(casting), ...keysOf(renewed)])].sort())
})

test('a damaged clip opens only the generations that are spoken with it', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await start(desk)
  const { application } = here
  const both = await request(here, true)
  await here.api.finished(both.id)
  const alone = await request(here, false)
  await here.api.finished(alone.id)
  const ended = async () => (await generationById(application.db, alone.id))?.completedAt
  const before = await ended()
  const words = textHash('Come in.', 'paragraph')
  await discardAndRespeak(here, { recipe: recipeForRole(both.casting, 1), words })
  await here.api.finished(both.id)
  expect(await ended()).toBe(before)
})
